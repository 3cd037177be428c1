using System.CommandLine;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Cli.Workers;
using NsDropoutTorch.Experiments;
using NsDropoutTorch.Experiments.Report;

namespace NsDropoutTorch.Cli.Commands;

/// <summary><c>nsdropout report DIR</c>: makes <c>DIR/report.html</c> of <c>DIR/results.json</c>, or prints a table in Markdown.</summary>
internal static class ReportCommand
{
    public static Command Create(CliHost host)
    {
        var folder = new Argument<string>("DIR") { Description = $"Folder with {ResultsJson.FileName}, as compare --out wrote it." };
        var markdown = new Option<bool>("--markdown") { Description = "Prints a table of methods in Markdown and writes no page." };
        var command = new Command("report", $"Makes {HtmlReport.FileName}, one page without network or script, beside {ResultsJson.FileName}.") { folder, markdown };
        command.SetAction(parsed =>
        {
            Run(parsed.GetRequiredValue(folder), parsed.GetValue(markdown), host);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Run(string folder, bool markdown, CliHost host)
    {
        var results = Read(folder);
        if (!markdown)
        {
            host.Output.WriteLine(HtmlReport.Write(folder, results));
            return;
        }

        host.Output.Write(results.Runs.Count > 0 ? MethodTable.Of(results) : throw new FailureException($"A table must have at least one run, but {ResultsJson.FileName} in '{folder}' has none."));
    }

    private static ComparisonResults Read(string folder)
    {
        var path = Path.Combine(folder, ResultsJson.FileName);
        if (!File.Exists(path))
        {
            throw new FailureException($"DIR must hold {ResultsJson.FileName}, but '{folder}' has none; nsdropout compare --out DIR writes one.");
        }

        try
        {
            return ResultsJson.Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FailureException($"{ResultsJson.FileName} must be readable, but '{path}' is not ({e.Message.TrimEnd('.')}).", e);
        }
        catch (FormatException e)
        {
            throw new FailureException($"{path}: {e.Message}", e);
        }
    }
}

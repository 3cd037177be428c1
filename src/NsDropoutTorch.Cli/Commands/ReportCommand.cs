using System.CommandLine;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Cli.Workers;
using NsDropoutTorch.Experiments;
using NsDropoutTorch.Experiments.Report;

namespace NsDropoutTorch.Cli.Commands;

/// <summary><c>nsdropout report DIR</c>: makes <c>DIR/report.html</c> of <c>DIR/results.json</c>.</summary>
internal static class ReportCommand
{
    public static Command Create(CliHost host)
    {
        var folder = new Argument<string>("DIR") { Description = $"Folder with {ResultsJson.FileName}, as compare --out wrote it." };
        var command = new Command("report", $"Makes {HtmlReport.FileName}, one page without network or script, beside {ResultsJson.FileName}.") { folder };
        command.SetAction(parsed =>
        {
            Run(parsed.GetRequiredValue(folder), host);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Run(string folder, CliHost host) => host.Output.WriteLine(HtmlReport.Write(folder, Read(folder)));

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

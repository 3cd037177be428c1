using System.IO.Compression;
using NsDropoutTorch.Cli.Commands;
using NsDropoutTorch.Cli.Hosting;

namespace NsDropoutTorch.Cli.Tests;

/// <summary>What a user can mend is one sentence; anything else shows itself as a defect of the program.</summary>
public sealed class DefectTests
{
    private sealed class Broken(Exception exception) : StringWriter
    {
        public override void Write(string? value) => throw exception;
    }

    [Theory]
    [InlineData(typeof(ArgumentException))]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(NotSupportedException))]
    [InlineData(typeof(UnauthorizedAccessException))]
    [InlineData(typeof(HttpRequestException))]
    [InlineData(typeof(NullReferenceException))]
    public void Run_AnyOtherException_ShowsItsTraceAndHowToReportIt(Type type)
    {
        var exception = (Exception)Activator.CreateInstance(type, "a bug")!;
        using var output = new Broken(exception);
        using var error = new StringWriter { NewLine = "\n" };

        var exitCode = CommandLine.Run(["layers", "--json"], new CliHost(output, error, TimeProvider.System, CancellationToken.None));

        Assert.Equal(ExitCode.Failure, exitCode);
        Assert.StartsWith($"{exception.GetType().FullName}: a bug\n", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("   at NsDropoutTorch.Cli.", error.ToString(), StringComparison.Ordinal);
        Assert.EndsWith(
            "This is a defect of nsdropout and no fault of yours: please report it to the project, with the lines above, the command that was typed, and what nsdropout doctor prints.\n",
            error.ToString(), StringComparison.Ordinal);
    }

    public static TheoryData<string> Options =>
    [
        .. new CompareOptions().All.Where(option => option.ValueType != typeof(bool)).Select(option => $"compare {option.Name}"),
        .. new AuditOptions().All.Where(option => option.ValueType != typeof(bool)).Select(option => $"audit {option.Name}"),
        "data list --data", "data verify --data", "data --data", "doctor --data",
    ];

    [Theory]
    [MemberData(nameof(Options))]
    public void Run_OptionWithAnEmptyValue_IsRefusedInOneSentence(string line)
    {
        using var sandbox = new Sandbox();
        string[] words = line.Split(' ');
        string[] rest = words[0] == "audit" && words[^1] != "--checkpoint" ? ["--checkpoint", "x"] : words is ["data", "--data"] ? ["", "list"] : [];

        var outcome = Cli.Run([.. words, .. rest is ["", ..] ? rest : ["", .. rest]]);

        Assert.Equal((2, "", $"{words[^1]} must have a value, but got ''.\n"), (outcome.ExitCode, outcome.Output, outcome.Error));
    }

    [Theory]
    [InlineData("report", "DIR")]
    [InlineData("data verify", "NAME")]
    [InlineData("data download", "NAME")]
    public void Run_EmptyArgument_IsRefusedInOneSentence(string command, string name)
    {
        var outcome = Cli.Run([.. command.Split(' '), ""]);

        Assert.Equal((2, $"{name} must have a value, but got ''.\n"), (outcome.ExitCode, outcome.Error));
    }

    [Fact]
    public void Audit_FileOfPyTorch_SaysWhatItIsAndWhatCanBeLoaded()
    {
        using var sandbox = new Sandbox();
        using (var archive = ZipFile.Open(sandbox["net.pt"], ZipArchiveMode.Create))
        {
            using var entry = archive.CreateEntry("net/data.pkl").Open();
            entry.Write([0x80, 2, (byte)'.']);
        }

        var outcome = Cli.Run("audit", "--checkpoint", "net.pt");

        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith(
            "a state must be one that TorchSharp's Module.save wrote, but 'net.pt' is a PyTorch file (a zip archive with data.pkl, as .pt and .pth files are); load it",
            outcome.Error, StringComparison.Ordinal);
        Assert.Single(outcome.Error.TrimEnd().Split('\n'));
    }
}

using System.CommandLine;
using System.Text.Json;
using NsDropoutTorch.Cli.Doctor;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Cli.Commands;

/// <summary><c>nsdropout doctor</c>: whether this machine is ready, and what to type where it is not.</summary>
internal static class DoctorCommand
{
    public static Command Create(CliHost host)
    {
        var data = new Option<string?>("--data") { HelpName = "DIR", Description = "Folder of data sets, searched before $NSDROPOUT_DATA, ./data and the data that come with the program." };
        var json = new Option<bool>("--json") { Description = "Prints JSON in place of the lines." };
        var command = new Command("doctor", "Checks TorchSharp's native library, versions, threads, devices and data sets, one line each; a line that is not ok says what to type.") { data, json };
        command.SetAction(parsed => Run(host, parsed.GetValue(data), parsed.GetValue(json)));
        return command;
    }

    private static int Run(CliHost host, string? dataFolder, bool json)
    {
        var checks = Checks.Of(FactFinder.Find(dataFolder));
        var ok = checks.All(check => check.Ok);
        if (json)
        {
            host.Output.Write(JsonSerializer.Serialize(new { ok, checks }, RunJson.Indented) + "\n");
        }
        else
        {
            foreach (var check in checks)
            {
                host.Output.WriteLine($"{(check.Ok ? "ok" : "REPAIR"),-6} {check.Name}: {check.Text}");
            }
        }

        return ok ? ExitCode.Success : ExitCode.Failure;
    }
}

using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Cli.Workers;
using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Experiments;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Cli.Commands;

/// <summary>
/// <c>nsdropout worker</c>, which <see cref="WorkerPool"/> starts: reads a <see cref="WorkOrder"/> and then runs from its input, one a line, and answers each
/// with its result on one line. It lives as long as its input, so it never outlives its parent, however that ends.
/// </summary>
internal static class WorkerCommand
{
    public static Command Create(CliHost host)
    {
        var command = new Command(Worker.CommandName, "Carries out runs for compare --jobs.") { Hidden = true };
        command.SetAction(_ =>
        {
            Run(host);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Run(CliHost host)
    {
        using var lines = new BlockingCollection<string>();
        new Thread(() => Listen(host.Input, lines)) { IsBackground = true }.Start();
        var order = Message.Read<WorkOrder>(lines.Take());
        var device = TorchStart.Start(order.Device, order.Threads);
        var dataset = DatasetCatalog.Over(order.Data, order.Settings.ToCsvOptions()).Load(order.Dataset);
        using var comparison = new Comparison(dataset, order.Settings, device, order.Models);
        while (true)
        {
            // Ctrl+C is for the parent, which then ends its workers.
            var result = comparison.Run(Message.Read<ComparisonRun>(lines.Take()));
            Message.Write(host.Output, result);
        }
    }

    // A worker writes files in full or not at all, so it can end at any point; and ending from outside is the one way that no computation delays.
    private static void Listen(TextReader input, BlockingCollection<string> lines)
    {
        while (input.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}

using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Cli.Workers;
using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Cli.Tests.Workers;

public sealed class WorkerCommandTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly ComparisonSettings Settings = new() { Dataset = "optdigits", Layers = ["none"], Epochs = 100_000, Hidden = [8] };

    [Fact]
    public void Run_InputEndsAmidARun_EndsAtOnce()
    {
        using var worker = Program.Start("worker");
        Message.Write(worker.StandardInput, new WorkOrder(Settings, "optdigits", null, "cpu", 1, null));
        Message.Write(worker.StandardInput, new ComparisonRun("none", 22, 1, 1));

        worker.StandardInput.Close();

        Assert.True(worker.WaitForExit(Patience));
    }

    [Fact]
    public void Pool_WorkerThatFails_PassesItsSentenceOn()
    {
        var pool = new WorkerPool(new(Settings, "no-such-data", null, "cpu", 1, null), (_, _) => Assert.Fail("No run can end."));

        var failure = Assert.Throws<FailureException>(() => pool.Run([new("none", 22, 1, 2), new("none", 23, 2, 2)], 2, CancellationToken.None));

        Assert.Matches("^Every run must end with a result, but none with seed 2[23] ended without: .*'no-such-data'", failure.Message);
    }

    [Fact]
    public void Pool_Cancelled_EndsWorkersAmidTheirRuns()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        var pool = new WorkerPool(new(Settings, "optdigits", null, "cpu", 1, null), (_, _) => Assert.Fail("No run can end."));

        Assert.Throws<OperationCanceledException>(() => pool.Run([new("none", 22, 1, 1)], 1, cancellation.Token));
    }
}

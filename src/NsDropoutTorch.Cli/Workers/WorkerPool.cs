using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Cli.Workers;

/// <summary>Carries out runs in several processes at a time.</summary>
/// <param name="order">What every worker is told first.</param>
/// <param name="finished">Told of each result as soon as it is there, one at a time.</param>
internal sealed class WorkerPool(WorkOrder order, Action<ComparisonRun, RunResult> finished)
{
    private readonly Lock gate = new();
    private Exception? failure;

    /// <summary>Returns when all runs are finished; the first that fails ends the others.</summary>
    /// <param name="runs">What to do.</param>
    /// <param name="count">Number of processes.</param>
    /// <param name="cancellationToken">Ends all processes at once.</param>
    public void Run(IEnumerable<ComparisonRun> runs, int count, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var queue = new ConcurrentQueue<ComparisonRun>(runs);
        var threads = Enumerable.Range(0, Math.Min(count, queue.Count)).Select(_ => new Thread(() => Guard(() => Work(queue, stop.Token), stop))).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        cancellationToken.ThrowIfCancellationRequested();
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    private void Work(ConcurrentQueue<ComparisonRun> queue, CancellationToken stop)
    {
        using var worker = Worker.Start(order);
        using var registration = stop.Register(worker.Kill);
        while (!stop.IsCancellationRequested && queue.TryDequeue(out var run))
        {
            var result = worker.Run(run);
            lock (gate)
            {
                finished(run, result);
            }
        }
    }

    private void Guard(Action work, CancellationTokenSource stop)
    {
        try
        {
            work();
        }
#pragma warning disable CA1031 // It is thrown again on the thread that waits.
        catch (Exception e)
#pragma warning restore CA1031
        {
            // Those that fail because they are stopped come later than the one that stops them.
            Interlocked.CompareExchange(ref failure, e, null);
            stop.Cancel();
        }
    }
}

using System.Collections.Concurrent;

namespace NsDropoutTorch.Tests.Support;

/// <summary>A thread that does what is posted to it, one piece of work after the other: a thread pool of one.</summary>
internal sealed class OneThread : SynchronizationContext, IDisposable
{
    private readonly BlockingCollection<(SendOrPostCallback Work, object? State)> queue = [];
    private readonly Thread thread;

    public OneThread()
    {
        thread = new Thread(Run);
        thread.UnsafeStart();
    }

    public override void Post(SendOrPostCallback d, object? state) => queue.Add((d, state));

    /// <summary>Starts work on the thread, where it also goes on after each await.</summary>
    public Task Start(Func<Task> work)
    {
        var started = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(_ => started.SetResult(Begun(work)), null);
        return started.Task.Unwrap();
    }

    public void Dispose()
    {
        queue.CompleteAdding();
        thread.Join();
        queue.Dispose();
    }

    // What is thrown before the first await is for who waits; left to the thread it would end the process.
    private static Task Begun(Func<Task> work)
    {
        try
        {
            return work();
        }
        catch (Exception e)
        {
            return Task.FromException(e);
        }
    }

    private void Run()
    {
        SetSynchronizationContext(this);
        foreach (var (work, state) in queue.GetConsumingEnumerable())
            work(state);
    }
}

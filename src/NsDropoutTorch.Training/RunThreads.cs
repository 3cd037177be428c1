using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// The threads that libtorch computes with while a run lasts. Every product of matrices wakes them and waits for all, which takes longer than a small product itself: on two cores
/// a small network trained four times as fast with one thread (docs/performance.md). Only this thread's products are concerned.
/// </summary>
internal sealed class RunThreads(TrainerOptions options) : IDisposable
{
    /// <summary>Multiply-adds of the average layer from which on more threads are faster; they take one thread about 0.2 ms.</summary>
    private const double WorthMore = 1 << 23;

    private int? before;

    public bool IsSettled { get; private set; }

    /// <summary>Settles the number for the rest of the run, by what does not depend on the number that there is: so the bits of small networks do not either.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="inputs">Inputs of a batch <c>[n,…]</c>; null: unknown.</param>
    /// <param name="samples">Samples of a full batch.</param>
    public void Settle(nn.Module model, Tensor? inputs, long samples)
    {
        IsSettled = true;
        if ((options.Threads ?? (inputs is not null && StepWork.OfAverageLayer(model, inputs, (double)samples / options.MicroBatches) < WorthMore ? 1 : null)) is { } threads)
        {
            before = get_num_threads();
            Set(threads);
        }
    }

    /// <summary>Puts back the number there was.</summary>
    public void Dispose()
    {
        if (before is { } threads) Set(threads);
    }

    // libtorch keeps a number for each thread that has computed, and one for those to come, which stays as it was.
    private static void Set(int threads)
    {
        if (get_num_threads() == threads) return;
        var ofOthers = 0;
        OnAnotherThread(() => ofOthers = get_num_threads());
        set_num_threads(threads);
        OnAnotherThread(() => set_num_threads(ofOthers));
    }

    private static void OnAnotherThread(ThreadStart work)
    {
        var thread = new Thread(work);
        thread.Start();
        thread.Join();
    }
}

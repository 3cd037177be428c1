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

    /// <summary>Multiply-adds that take as long as what else passes over an output of a layer: activation, dropout, their gradients.</summary>
    private const long OfAnOutput = 16;

    private int? before;

    public bool IsSettled { get; private set; }

    /// <summary>Settles the number for the rest of the run, by what does not depend on the number that there is: so the bits of small networks do not either.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="inputs">Inputs of a batch <c>[n,…]</c>; null: unknown.</param>
    /// <param name="samples">Samples of a full batch.</param>
    public void Settle(nn.Module model, Tensor? inputs, long samples)
    {
        IsSettled = true;
        if ((options.Threads ?? (inputs is not null && IsSmall(model, inputs, (double)samples / options.MicroBatches) ? 1 : null)) is { } threads)
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

    /// <summary>
    /// Whether the average layer has little to compute. Places of a sample are counted where the first layer meets it; of weights with more dimensions, as convolutions have, and of
    /// numbers that stand for words, the work is not known here.
    /// </summary>
    private static bool IsSmall(nn.Module model, Tensor inputs, double samples)
    {
        var weights = model.named_parameters().Where(named => named.parameter.dim() > 1).ToList();
        if (weights.Count == 0 || inputs.device_type != DeviceType.CPU || !inputs.is_floating_point() || weights.Exists(named => named.parameter.dim() > 2)) return false;

        // A recurrent layer takes one place after the other.
        var isRecurrent = weights.Exists(named => named.name.Contains("weight_hh", StringComparison.Ordinal));
        var places = isRecurrent ? 1 : Math.Max(1, (double)inputs.numel() / inputs.size(0) / weights[0].parameter.size(1));
        return samples * places * weights.Average(named => named.parameter.size(0) * (named.parameter.size(1) + OfAnOutput)) < WorthMore;
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

using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>Walks somebody else's sequence of batches.</summary>
internal sealed class SequenceBatches(int count, Func<int, IEnumerable<(Tensor Inputs, Tensor Labels)>> epochs, Device? device) : IEpochBatches
{
    private IEnumerator<(Tensor Inputs, Tensor Labels)>? sequence;
    private int current;
    private int next;

    public int Count => count;

    public IEnumerable<long> KnownSizes => [];

    public void Begin(int epoch)
    {
        Dispose();
        sequence = epochs(epoch).GetEnumerator();
        (current, next) = (epoch, 0);
    }

    public Batch Take(int step)
    {
        while (next < step)
        {
            using var skipped = torch.NewDisposeScope();
            Next();
        }

        return Next().On(device);
    }

    public void Dispose()
    {
        sequence?.Dispose();
        sequence = null;
    }

    private Batch Next()
    {
        if (!sequence!.MoveNext())
        {
            throw Require.Broken(Invariant($"a sequence must have {count} batches in every epoch, but got {next} in epoch {current + 1}."));
        }

        next++;
        return SequenceBatch.Checked(sequence.Current);
    }
}

namespace NsDropoutTorch.Experiments;

/// <summary>The masks of one layer as epochs go by: how much they change at every epoch, and what they are at as many as a picture can show.</summary>
/// <param name="module">Name of the layer.</param>
/// <param name="epochs">Epochs of the run.</param>
internal sealed class MaskTrace(string module, int epochs)
{
    private const int MostSnapshots = 60;

    /// <summary>Bound on the numbers of all snapshots together, so that wide layers do not swell the document.</summary>
    private const int MostNumbers = 200_000;

    private readonly List<MaskSnapshot> snapshots = [];
    private readonly List<double> replaced = [];
    private long[][] previous = [];
    private int numFeatures;

    /// <summary>What was recorded.</summary>
    public MaskHistory History => new(module, numFeatures, [.. snapshots], [.. replaced]);

    /// <summary>Records an epoch.</summary>
    /// <param name="epoch">Its number, from 0.</param>
    /// <param name="dropped">For each class the neurons dropped, ascending.</param>
    /// <param name="width">Number of neurons.</param>
    public void Add(int epoch, long[][] dropped, int width)
    {
        numFeatures = width;
        replaced.Add(Replaced(previous, dropped));
        previous = dropped;
        if (IsShown(epoch, dropped.Sum(row => row.Length)))
        {
            snapshots.Add(new(epoch, dropped));
        }
    }

    // Evenly spread from the first epoch to the last; which are shown depends on the plan alone, not on when a run is stopped.
    private bool IsShown(int epoch, int numbers)
    {
        var count = Math.Clamp(MostNumbers / Math.Max(1, numbers), 2, MostSnapshots);
        return epochs <= count || epoch == 0 || Place(epoch, count) != Place(epoch - 1, count);
    }

    private long Place(long epoch, int count) => epoch * (count - 1) / (epochs - 1);

    private static double Replaced(long[][] before, long[][] now)
    {
        var all = now.Sum(row => row.Length);
        var known = before.Zip(now, (old, current) => current.Intersect(old).Count()).Sum();
        return all == 0 ? 0 : 1 - ((double)known / all);
    }
}

using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>
/// Captured rows and their labels. An object and no tensor field of the layer, so that module registration does not take
/// the rows for a buffer of the state dictionary.
/// </summary>
internal sealed class KeptActivations : IDisposable
{
    private readonly List<(Tensor Rows, Tensor Labels)> batches = [];

    public static KeptActivations CopyOf(Tensor activations, Tensor labels)
    {
        var kept = new KeptActivations();
        kept.batches.Add((activations.clone().DetachFromDisposeScope(), labels.clone().DetachFromDisposeScope()));
        return kept;
    }

    public static KeptActivations? Join(KeptActivations? first, KeptActivations? second)
    {
        if (first is null || second is null) return first ?? second;
        first.batches.AddRange(second.batches);
        return first;
    }

    /// <summary>All rows [V, F] in one new tensor.</summary>
    public Tensor Rows() => cat([.. batches.Select(b => b.Rows)]);

    /// <summary>All labels [V] in one new tensor.</summary>
    public Tensor Labels() => cat([.. batches.Select(b => b.Labels)]);

    public void MoveTo(Device device)
    {
        for (var i = 0; i < batches.Count; i++)
        {
            var (rows, labels) = batches[i];
            batches[i] = (Moved(rows, device), Moved(labels, device));
        }
    }

    public void Dispose()
    {
        foreach (var (rows, labels) in batches)
        {
            rows.Dispose();
            labels.Dispose();
        }

        batches.Clear();
    }

    private static Tensor Moved(Tensor tensor, Device device) =>
        tensor.to(device, disposeAfter: true).DetachFromDisposeScope();
}

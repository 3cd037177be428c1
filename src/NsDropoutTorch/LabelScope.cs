using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>
/// Gives the labels of a batch to every layer called on this thread until the scope is disposed, the way gradient mode
/// reaches an operator: <c>using (LabelScope.Use(labels)) logits = model.call(x);</c>
/// </summary>
/// <remarks>
/// Scopes nest, the innermost counts, and another thread does not see them; do not hold one across <c>await</c>. Labels on
/// another device than the layer's input are moved once per scope, for all layers.
/// </remarks>
public sealed class LabelScope : IDisposable
{
    [ThreadStatic]
    private static LabelScope? innermost;

    private readonly LabelScope? outer;
    private readonly Tensor labels;
    private Dictionary<(DeviceType, int), Tensor>? moved;
    private long checkedClasses = long.MaxValue;
    private bool closed;

    private LabelScope(Tensor labels, bool forOneLayer)
    {
        LabelChecks.ClassIndices(labels);
        this.labels = labels;
        ForOneLayer = forOneLayer;
        outer = Current;
        innermost = this;
    }

    /// <summary>The innermost open scope of this thread, or null.</summary>
    public static LabelScope? Current
    {
        get
        {
            // A scope may be closed out of order or by another thread; its own thread forgets it here.
            while (innermost is { closed: true })
                innermost = innermost.outer;
            return innermost;
        }
    }

    /// <summary>Whether the scope serves one explicit call of a layer and not a batch of a whole model.</summary>
    internal bool ForOneLayer { get; }

    /// <summary>Opens a scope over the labels of a batch.</summary>
    /// <param name="labels">Class indices [N], Int64; the caller keeps them and stays their owner.</param>
    /// <exception cref="ArgumentException">labels are not Int64 class indices [N]; the message names the repair.</exception>
    public static LabelScope Use(Tensor labels) => new(labels, forOneLayer: false);

    internal static LabelScope UseForOneLayer(Tensor labels) => new(labels, forOneLayer: true);

    /// <summary>The labels for a batch of a given size, on a given device.</summary>
    /// <remarks>
    /// Labels in host memory are checked to be class indices, once per scope. Labels on a device are not, because reading them
    /// would wait for it: there an index out of range is the device's own assertion, as in <c>cross_entropy</c>.
    /// </remarks>
    /// <param name="rows">Rows N of the input they belong to.</param>
    /// <param name="numClasses">Number of classes C.</param>
    /// <param name="device">Where they are needed.</param>
    /// <returns>Int64 [N], owned by the caller of <see cref="Use"/> or by the scope: not to be disposed.</returns>
    /// <exception cref="ArgumentException">There is not one label per row, or a label is not in [0, C).</exception>
    public Tensor For(long rows, long numClasses, Device device)
    {
        LabelChecks.OnePerRow(labels, rows);
        if (numClasses < checkedClasses)
        {
            LabelChecks.Range(labels, numClasses);
            checkedClasses = numClasses;
        }

        return On(device);
    }

    /// <summary>Closes the scope and frees the copies it made of the labels, not the labels.</summary>
    public void Dispose()
    {
        if (closed) return;
        closed = true;
        foreach (var copy in moved?.Values ?? Enumerable.Empty<Tensor>())
            copy.Dispose();
        _ = Current;
    }

    private Tensor On(Device device)
    {
        if (labels.device_type == device.type && labels.device_index == device.index) return labels;

        moved ??= [];
        if (!moved.TryGetValue((device.type, device.index), out var copy))
        {
            using var plain = new PlainTensors();
            copy = labels.to(device).DetachFromDisposeScope();
            moved.Add((device.type, device.index), copy);
        }

        return copy;
    }
}

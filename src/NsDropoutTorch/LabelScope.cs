using TorchSharp;
using static TorchSharp.torch;
using System.Runtime.InteropServices;

namespace NsDropoutTorch;

/// <summary>
/// Gives the labels of a batch to every layer that is called until the scope is disposed, the way gradient mode reaches an operator:
/// <c>using (LabelScope.Use(labels)) logits = model.call(x);</c>
/// </summary>
/// <remarks>
/// Scopes nest, and the innermost counts. A scope flows with the logical call: over <c>await</c>, and into tasks and threads started within it, but to no other
/// work. Work that goes on after its scope was disposed has no labels, and a layer that needs them says so. Labels on another device than the layer's
/// input are moved once per scope, for all layers.
/// </remarks>
public sealed class LabelScope : IDisposable
{
    private readonly FlowScope<LabelScope> place;
    private Tensor? labels;
    private Dictionary<(DeviceType, int), Tensor>? moved;
    private long checkedClasses = long.MaxValue;

    private LabelScope(Tensor labels, bool forOneLayer)
    {
        LabelChecks.ClassIndices(labels);
        this.labels = labels;
        ForOneLayer = forOneLayer;
        place = new(this);
    }

    /// <summary>The innermost scope of this logical call; null where there is none, or where it was disposed while this work was still running.</summary>
    public static LabelScope? Current => FlowScope<LabelScope>.Current;

    /// <summary>Whether the scope serves one explicit call of a layer and not a batch of a whole model.</summary>
    internal bool ForOneLayer { get; }

    /// <summary>Whether the scope has not been disposed.</summary>
    internal bool IsOpen => place.IsOpen;

    /// <summary>Opens a scope over the labels of a batch.</summary>
    /// <param name="labels">Class indices [N], Int64; the caller keeps them and stays their owner.</param>
    /// <exception cref="ArgumentException">labels are not Int64 class indices [N]; the message names the repair.</exception>
    public static LabelScope Use(Tensor labels) => new(labels, forOneLayer: false);

    internal static LabelScope UseForOneLayer(Tensor labels) => new(labels, forOneLayer: true);

    /// <summary>The innermost scope of this logical call.</summary>
    /// <param name="layer">The layer that needs labels.</param>
    /// <param name="when">When it needs them.</param>
    /// <exception cref="InvalidOperationException">There is none, or it was disposed while this work was still running.</exception>
    internal static LabelScope Needed(string layer, string when) => Current ?? throw new InvalidOperationException(
        $"{layer} needs the labels of the batch {when}, but got none: " + (FlowScope<LabelScope>.Innermost is null
            ? "open `using (LabelScope.Use(labels))` around the call, or call forward(input, labels)."
            : "the LabelScope around the call was disposed while this work was still running; await the work before the scope ends, or open a scope within it."));

    /// <summary>The labels for a batch of a given size, on a given device.</summary>
    /// <remarks>
    /// Labels in host memory are checked to be class indices, once per scope. Labels on a device are not, because reading them
    /// would wait for the device: there an index out of range fails in an assertion of the device, as in <c>cross_entropy</c>.
    /// </remarks>
    /// <param name="rows">Rows N of the input they belong to.</param>
    /// <param name="numClasses">Number of classes C.</param>
    /// <param name="device">Where they are needed.</param>
    /// <returns>Int64 [N], owned by the caller of <see cref="Use"/> or by the scope: not to be disposed.</returns>
    /// <exception cref="ArgumentException">There is not one label per row, or a label is not in [0, C).</exception>
    /// <exception cref="ObjectDisposedException">The scope, or the labels, were disposed before.</exception>
    public Tensor For(long rows, long numClasses, Device device)
    {
        var given = Labels();
        LabelChecks.OnePerRow(given, rows);
        if (numClasses < checkedClasses)
        {
            LabelChecks.Range(given, numClasses);
            checkedClasses = numClasses;
        }

        return given.device_type == device.type && given.device_index == device.index ? given : CopyOn(device);
    }

    /// <summary>Closes the scope and frees the copies it made of the labels, not the labels; on any thread, and in any order with other scopes.</summary>
    public void Dispose()
    {
        if (!place.End()) return;
        lock (place)
        {
            labels = null;
            foreach (var copy in moved?.Values ?? Enumerable.Empty<Tensor>())
                copy.Dispose();
            moved = null;
        }
    }

    private Tensor Labels()
    {
        var given = labels ?? throw new ObjectDisposedException(nameof(LabelScope), "A LabelScope must be open when its labels are asked for, but it was disposed before.");
        return given.IsInvalid
            ? throw new ObjectDisposedException(nameof(labels), "The labels of a LabelScope must live as long as the scope, but they were disposed before: dispose the scope first.")
            : given;
    }

    // Tasks of one scope may ask at once.
    private Tensor CopyOn(Device device)
    {
        lock (place)
        {
            moved ??= [];
            if (!moved.TryGetValue((device.type, device.index), out var copy))
            {
                using var plain = new PlainTensors();
                copy = Labels().to(device).DetachFromDisposeScope();
                moved.Add((device.type, device.index), copy);
            }

            return copy;
        }
    }
}

/// <summary>What labels must be, and how to repair what they are not.</summary>
internal static class LabelChecks
{
    public static void ClassIndices(Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.ndim != 1 || labels.dtype != ScalarType.Int64)
        {
            throw new ArgumentException(
                $"labels must be class indices of shape [N] and dtype Int64, but got {Check.Shape(labels)} of {labels.dtype}: {Repair(labels)}.",
                nameof(labels));
        }
    }

    public static void OnePerRow(Tensor labels, long rows)
    {
        var count = labels.size(0);
        if (count != rows)
            throw new ArgumentException(Invariant($"labels must hold one class index per row of the input, but got {count} labels for {rows} rows."), nameof(labels));
    }

    public static void Range(Tensor labels, long numClasses)
    {
        if (labels.device_type != DeviceType.CPU || labels.size(0) == 0) return;

        // Read in place: a tensor operation and its copy to the host would cost more than the layer's own arithmetic.
        using var packed = labels.is_contiguous() ? null : labels.contiguous();
        var indices = (packed ?? labels).Elements<long>();
        for (var row = 0; row < indices.Length; row++)
        {
            if ((ulong)indices[row] >= (ulong)numClasses)
                throw new ArgumentException(Invariant($"labels must hold class indices in [0, {numClasses}), but got {indices[row]} at row {row}."), nameof(labels));
        }
    }

    private static string Repair(Tensor labels) => labels.ndim switch
    {
        2 when labels.size(1) > 1 => "convert one-hot labels with labels.argmax(1)",
        2 when labels.dtype == ScalarType.Int64 => "remove the second dimension with labels.squeeze(1)",
        2 => "remove the second dimension and convert with labels.squeeze(1).to(torch.int64)",
        1 => "convert them with labels.to(torch.int64)",
        _ => "give one class index per row",
    };
}

/// <summary>
/// A module that asks <see cref="LabelScope"/> for the labels of the batch. The trainer opens a scope around models that hold one, and around no other: targets of
/// other models may be of any type and shape.
/// </summary>
public interface IReadsLabels
{
    /// <summary>Whether it does so as it is set; false for masks that all classes share, for instance.</summary>
    bool UsesLabels { get; }
}

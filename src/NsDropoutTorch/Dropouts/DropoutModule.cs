using System.Globalization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Dropouts;

/// <summary>
/// What the layers of docs/layers.md that read no labels share: the rate p and its check, the steps of <see cref="forward"/>, and how parameters are held.
/// </summary>
/// <remarks>
/// Whatever is kept in training is scaled so that the expected output is that of eval mode ("inverted" dropout), exactly unless docs/layers.md says how nearly;
/// random numbers come from <see cref="IOwnGenerator.generator"/>, or else from that of the input's device.
/// </remarks>
public abstract class DropoutModule : CheckedModule, IDropRate, IRandomInTraining
{
    private readonly bool upToOne;

    // Names of parameters: to walk through the register at each call would make half a dozen objects.
    private readonly List<string> held = [];
    private double rate;

    private protected DropoutModule(string name, double p, bool upToOne = false)
        : base(name)
    {
        this.upToOne = upToOne;
        rate = InRange(p);
    }

    /// <summary>
    /// Drop rate in [0, 1], or below 1 where the layer needs that. It may be changed at any time: the next call takes the new one. Of a learned rate it is the value now, and to set it
    /// sets what is learned; reading that one waits for the device.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range; the rate stays as it was.</exception>
    public virtual double p
    {
        get => rate;
        set => rate = InRange(value);
    }

    /// <inheritdoc/>
    public virtual bool DrawsForEachRow => true;

    /// <summary>The layer's map: random in training mode; in eval mode as docs/layers.md says.</summary>
    /// <param name="input">Floating, or indices for an embedding, of the shape that the layer takes.</param>
    /// <returns>A new tensor of the dtype of the input, or of the embedding.</returns>
    /// <exception cref="ArgumentException">The shape, dtype or device of the input does not fit.</exception>
    public sealed override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckShape(input);
        CheckType(input);
        CheckDevice(input);
        using var scope = NewDisposeScope();
        var output = (training ? Train(input) : Evaluate(input)).MoveToOuterDisposeScope();
        GC.KeepAlive(input); // It may be one that only this call names.
        return output;
    }

    /// <summary>For example <c>DropPath(p=0.2)</c>.</summary>
    public override string ToString() => $"{GetName()}({Settings})";

    private protected virtual string Settings => string.Create(CultureInfo.InvariantCulture, $"p={p}");

    private protected abstract Tensor Train(Tensor input);

    private protected virtual Tensor Evaluate(Tensor input) => input.alias();

    private protected virtual void CheckShape(Tensor input)
    {
    }

    private protected virtual void CheckType(Tensor input) => Check.Floating(input);

    private protected static void CheckRowsOf(long features, Tensor input)
    {
        if (input.ndim != 2 || input.size(1) != features)
            throw Check.WrongShape(Invariant($"[N, {features}]"), input);
    }

    /// <summary>Holds a parameter under a name; the register is its only holder, as with buffers.</summary>
    private protected void Hold(string name, Parameter? parameter)
    {
        if (!held.Contains(name)) held.Add(name);
        var former = get_parameter(name);
        if (ReferenceEquals(former, parameter)) return;
        former?.Dispose();
        parameter?.DetachFromDisposeScope();
        ConditionallyRegisterParameter(name, parameter);
    }

    private double InRange(double p)
    {
        if (upToOne)
            Check.Share(p);
        else
            Check.Rate(p);
        return p;
    }

    private void CheckDevice(Tensor input)
    {
        foreach (var key in held)
        {
            if (get_parameter(key) is { } parameter)
                Check.Device(input, parameter);
        }
    }
}

/// <summary>Factories beside TorchSharp's own: <c>torch.nn.DropPath(0.2)</c>; each stands in the file of its layer.</summary>
public static partial class DropoutFactories;

/// <summary>
/// A module that is random in training mode and changes none of its state there, so that its draws can be repeated to see how far the outputs of a trained model scatter.
/// Monte-Carlo prediction knows such modules by this interface, TorchSharp's own apart.
/// </summary>
public interface IRandomInTraining
{
    /// <summary>
    /// Whether each row of a batch has draws of its own and depends on no other row: then copies of a row in one batch are independent samples. False where the rows share a draw,
    /// as of weights, or a scale.
    /// </summary>
    bool DrawsForEachRow { get; }
}

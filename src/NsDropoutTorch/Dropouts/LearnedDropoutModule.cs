using System.Globalization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Dropouts;

/// <summary>
/// A layer whose rate is learned: one scalar parameter, the logit of a share in (0, 1), and a term that the layer adds to the loss.
/// Eval mode is the identity.
/// </summary>
public abstract class LearnedDropoutModule : DropoutModule, IRegularized, ILearnedRate
{
    private readonly bool channels;
    private readonly Func<double, double> shareOf;
    private readonly double start;

    /// <param name="name">Name of the layer.</param>
    /// <param name="channels">Whether inputs are [N, F, …] with one draw for each channel of a sample; else each element has its own, and the last dimensions hold F of them.</param>
    /// <param name="num_features">F.</param>
    /// <param name="p">Drop rate to start from.</param>
    /// <param name="shareOf">Checks p, and gives the share whose logit is learned.</param>
    /// <param name="device">Where the parameter lives.</param>
    /// <param name="dtype">Floating dtype of the parameter.</param>
    private protected LearnedDropoutModule(
        string name, bool channels, long num_features, double p, Func<double, double> shareOf, Device? device, ScalarType? dtype)
        : base(name, Started(p, shareOf))
    {
        Check.AtLeastOne(num_features);
        this.channels = channels;
        this.num_features = num_features;
        this.shareOf = shareOf;
        start = LogitOf(p);
        using var plain = new PlainTensors();
        logit = new Parameter(full([], Scalars.Of(start), dtype ?? get_default_dtype(), device));
    }

    /// <summary>Number of features F, or of channels: of the units that share the rate.</summary>
    public long num_features { get; }

    /// <summary>What is learned, a scalar; the one it replaces is disposed.</summary>
    public Parameter logit
    {
        get => get_parameter(nameof(logit))!;
        set => Hold(nameof(logit), value ?? throw new ArgumentNullException(nameof(value)));
    }

    /// <inheritdoc cref="DropoutModule.p"/>
    public sealed override double p
    {
        get
        {
            using var rate = Rate();
            return rate.Number();
        }
        set => Fill(LogitOf(value));
    }

    /// <summary>The drop rate as a new scalar tensor in the graph of <see cref="logit"/>.</summary>
    public abstract Tensor Rate();

    /// <inheritdoc/>
    public abstract Tensor Regularization();

    /// <summary>Sets the rate back to that of construction.</summary>
    public void ResetParameters() => Fill(start);

    /// <summary>The logit in Float32 or wider: formulas of a rate are not computed in half precision.</summary>
    private protected Tensor WideLogit() => logit.to(NSDropoutMath.StatisticsType(logit.dtype));

    private protected override string Settings => string.Create(CultureInfo.InvariantCulture, $"num_features={num_features}, p={p:G4}");

    private protected override void CheckShape(Tensor input)
    {
        if (channels && (input.ndim < 2 || input.size(1) != num_features))
            throw Check.WrongShape(Invariant($"[N, {num_features}, …]"), input);
        if (!channels && !LastDimensionsHold(num_features, input))
            throw Check.WrongShape(Invariant($"[N, …] with {num_features} elements in its last dimensions"), input);
    }

    /// <summary>The shape of the layer's draws: of the input, or [N, F, 1, …] for channels.</summary>
    private protected long[] DrawShape(Tensor input) =>
        channels ? [.. input.shape[..2], .. Enumerable.Repeat(1L, (int)input.ndim - 2)] : input.shape;

    // The first dimension is that of the samples, and never one of them.
    private static bool LastDimensionsHold(long count, Tensor input)
    {
        var held = 1L;
        for (var dim = (int)input.ndim - 1; dim >= 1; dim--)
        {
            held *= input.size(dim);
            if (held == count) return true;
        }

        return false;
    }

    // The range of a learned rate is checked before that of all rates, which is wider.
    private static double Started(double p, Func<double, double> shareOf)
    {
        shareOf(p);
        return p;
    }

    private double LogitOf(double p)
    {
        var share = shareOf(p);
        return Math.Log(share / (1 - share));
    }

    private void Fill(double value)
    {
        using var plain = new PlainTensors();
        logit.fill_(Scalars.Of(value));
    }
}

/// <summary>A module that learns its drop rate. Trainers record the rate after each epoch.</summary>
public interface ILearnedRate
{
    /// <summary>The rate now; reading it waits for the device.</summary>
    double p { get; }
}

/// <summary>
/// A module that brings a term of its own to the loss. Trainers add the terms of all such modules to the loss of each step, and know the
/// modules by this interface alone.
/// </summary>
public interface IRegularized
{
    /// <summary>The current term, to be minimised with the mean loss of the batch.</summary>
    /// <returns>A new scalar tensor in the graph of the module's parameters.</returns>
    Tensor Regularization();
}

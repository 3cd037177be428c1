using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>
/// What <see cref="NSDropout"/>, <see cref="NSDropout2d"/> and <see cref="NSDropoutSequence"/> share: the steps of training and evaluation around
/// <see cref="NSDropoutMath"/>, and the state.
/// </summary>
public abstract partial class NSDropoutModule : StatefulModule, ICapturesValidation, ILabelMasked, IDropRate, IDrawsMasks
{
    private readonly NSDropoutOptions options;

    // Neurons that statistics are taken of, masks hold and k is a share of: num_features, or that at each position.
    private readonly long numUnits;
    private long k;
    private double keepScale;

    private protected NSDropoutModule(
        string name, long num_features, long num_classes, double p, NSDropoutOptions? options, Device? device, ScalarType? dtype, long positions = 1)
        : base(name)
    {
        Check.AtLeastOne(num_features);
        Check.AtLeastOne(num_classes);
        numUnits = num_features * positions;
        this.options = options ?? NSDropoutOptions.Default;
        (this.num_features, this.num_classes) = (num_features, num_classes);
        this.p = p;
        EvalMode = this.options.EvalMode;
        state = AddState(device, NSDropoutMath.StatisticsType(dtype ?? get_default_dtype()));
    }

    /// <summary>Number of neurons F, of channels, or of features of a position.</summary>
    public long num_features { get; }

    /// <summary>Number of classes C.</summary>
    public long num_classes { get; }

    /// <summary>Drop rate in [0, 1). It may be changed at any time: the next training step chooses masks, or rates, by the new one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range; the rate stays as it was.</exception>
    public double p
    {
        get;
        set
        {
            (k, keepScale) = (NSDropoutMath.DropCount(value, numUnits), NSDropoutMath.KeepScale(value));
            field = value;
        }
    }

    /// <inheritdoc/>
    public EvalMode EvalMode
    {
        get;
        set => field = Check.Defined(value);
    }

    /// <inheritdoc/>
    public bool DrawsMasks => options.GapShare is not null;

    /// <inheritdoc/>
    public virtual bool DrawsForEachRow => true;

    /// <inheritdoc/>
    /// <remarks>Before the first step that computed rates it draws at <see cref="p"/>, as training does then.</remarks>
    public bool DrawsInEval
    {
        get;
        set => field = !value || DrawsMasks ? value : throw new InvalidOperationException(
            $"DrawsInEval must stay false where masks are chosen and not drawn, but got true for {this}: take NSDropoutOptions.GapShare, which NSDropoutOptions.LabelFree has.");
    }

    /// <inheritdoc/>
    public bool UsesLabels => !options.SharedMask;

    /// <summary>
    /// Training: updates the masks from this batch, then multiplies each row by the mask of its class and by F/(F−k). A row whose class has no mask yet stays
    /// as it is. As long as no validation activations are cached, the layer is ordinary dropout with the factor 1/(1−p). Eval: as <see cref="EvalMode"/> says.
    /// </summary>
    /// <param name="input">[N, F], [N, F, H, W] for channels or [N, T, F] for sequences; floating.</param>
    /// <returns>A new tensor of input's shape and dtype.</returns>
    /// <exception cref="ArgumentException">The shape, dtype or device of the input, or the labels, do not fit.</exception>
    /// <exception cref="InvalidOperationException">Labels are needed and no <see cref="LabelScope"/> is open.</exception>
    public sealed override Tensor forward(Tensor input)
    {
        CheckInput(input);
        using var scope = NewDisposeScope();
        var units = ToUnits(input);
        var output = FromUnits(training ? Train(units) : Evaluate(units), input).MoveToOuterDisposeScope();
        GC.KeepAlive(input); // It may be one that only this call names.
        return output;
    }

    /// <summary><see cref="forward(Tensor)"/> with the labels given directly; an open scope is ignored.</summary>
    /// <param name="input">[N, F], [N, F, H, W] for channels or [N, T, F] for sequences; floating.</param>
    /// <param name="labels">Class indices [N], Int64 in [0, num_classes).</param>
    /// <returns>A new tensor of input's shape and dtype.</returns>
    /// <exception cref="ArgumentException">The shape, dtype or device of the input, or the labels, do not fit.</exception>
    public Tensor forward(Tensor input, Tensor labels)
    {
        using var batch = LabelScope.UseForOneLayer(labels);
        return forward(input);
    }

    /// <summary>For example <c>NSDropout(num_features=128, num_classes=10, p=0.2, EvalMode=Identity)</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{GetName()}({Sizes}, p={p}, {(options.GapShare is { } share ? $"GapShare={share.ToString(CultureInfo.InvariantCulture)}" : $"EvalMode={EvalMode}")})");

    private protected virtual string Sizes => Invariant($"num_features={num_features}, num_classes={num_classes}");

    /// <summary>The shape of an input in words.</summary>
    private protected abstract string InputShape { get; }

    /// <summary>Whether an input has that shape.</summary>
    private protected abstract bool Fits(Tensor input);

    /// <summary>The input as [N, U] or [N, U, …] for the U neurons of a mask; dimensions after the second share it.</summary>
    private protected virtual Tensor ToUnits(Tensor input) => input;

    /// <summary>An output of the shape that <see cref="ToUnits"/> gives, in the shape of the input.</summary>
    private protected virtual Tensor FromUnits(Tensor output, Tensor input) => output;

    /// <summary>The activations [N, U] that statistics are taken of: the units themselves, or a new tensor without gradient.</summary>
    private protected abstract Tensor Features(Tensor units);

    private bool IsMasking => HasValidation && (options.WarmupSteps == 0 || steps >= options.WarmupSteps);

    private Tensor Train(Tensor input)
    {
        var (labels, masked) = (TrainingLabels(input), IsMasking);
        TakeStep(input, labels, masked);
        if (masked && options.GapShare is not null) return GapRates.Apply(input, drop_rates!, generator);
        return masked
            ? ApplyMasks(input, labels, scaled: true, options.ScaleBackward)
            : ApplyBernoulli(input);
    }

    private Tensor TrainingLabels(Tensor input) => ValidationCapture.For(this) is null
        ? LabelsOf(input, "in training mode")
        : throw new InvalidOperationException($"ValidationCapture needs the model in eval mode, but {GetName()} is in training mode: call model.eval() first.");

    private void TakeStep(Tensor input, Tensor labels, bool masked)
    {
        if (masked || options.Momentum is not null)
            Learn(input, labels, masked);
        state.Steps.Increment();
    }

    private Tensor Evaluate(Tensor input)
    {
        if (ValidationCapture.For(this) is { } capture)
            capture.Record(this, StatisticsOf(input, "inside a ValidationCapture"));
        if (DrawsInEval)
            return mask_updates > 0 ? GapRates.Apply(input, drop_rates!, generator) : ApplyBernoulli(input);
        if (EvalMode is EvalMode.Identity || mask_updates == 0 || options.GapShare is not null)
            return input.alias();

        return EvalMode is EvalMode.MeanMask
            ? ApplyMeanMask(input, options.ScaleEval)
            : ApplyMasks(input, LabelsOf(input, "in EvalMode.LabelMask"), options.ScaleEval);
    }

    private Tensor ApplyMasks(Tensor input, Tensor labels, bool scaled, bool scaleBackward = true)
    {
        var masks = class_masks;
        return CommonScale(masks, scaled) is { } scale
            ? NSDropoutMath.Apply(input, masks, labels, scale, scaleBackward)
            : NSDropoutMath.Apply(input, masks, labels, NSDropoutMath.CountScales(masks, input.dtype), scaleBackward);
    }

    private Tensor ApplyMeanMask(Tensor input, bool scaled)
    {
        var dtype = NSDropoutMath.StatisticsType(input.dtype);
        return CommonScale(class_masks, scaled) is { } scale
            ? NSDropoutMath.Apply(input, NSDropoutMath.MeanMask(class_masks, dtype), null, scale)
            : NSDropoutMath.Apply(input, NSDropoutMath.MeanMask(class_masks.mul(NSDropoutMath.CountScales(class_masks, dtype)), dtype), null);
    }

    // Null where the factors of the masks may differ: a mask that was never computed drops nothing.
    private double? CommonScale(Tensor masks, bool scaled)
    {
        if (!scaled) return 1;
        if (!options.ScaleByCount) return keepScale;
        return HostCounts.DroppedByEach(masks) is { } dropped ? NSDropoutMath.CountScale(dropped, numUnits) : null;
    }

    private void Learn(Tensor input, Tensor labels, bool updateMasks)
    {
        var features = Features(input);
        if (CanUpdateInPlace(features, labels))
        {
            UpdateMasksInPlace(features, labels);
            return;
        }

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var counts = NSDropoutMath.ClassCounts(labels, NumMasks);
        // NaN for a class without rows; nothing reads its mean.
        var means = NSDropoutMath.ClassSums(features, labels, NumMasks).div_(counts.unsqueeze(1));
        if (options.Momentum is { } momentum)
            means = UpdateTrainingMeans(means, counts.gt(Scalars.Of(0)), momentum);
        if (updateMasks)
            UpdateMasks(means, counts);
    }

    private Tensor ApplyBernoulli(Tensor input) =>
        NSDropoutMath.Apply(input, NSDropoutMath.BernoulliMask(input.size(0), numUnits, p, input.device, generator), null, keepScale, options.ScaleBackward);

    private Tensor LabelsOf(Tensor input, string when)
    {
        // A shared mask treats all rows as one class.
        if (options.SharedMask) return zeros(input.size(0), ScalarType.Int64, input.device);

        return LabelScope.Needed(GetName(), when).For(input.size(0), num_classes, input.device);
    }

    private void CheckInput(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!Fits(input))
            throw Check.WrongShape(InputShape, input);
        Check.Floating(input);
        Check.Device(input, class_masks);
    }
}

/// <summary>
/// A module that shapes its output by class masks. A leakage audit finds such modules by this interface, and asks them
/// to evaluate with the true label, with a wrong one and with none.
/// </summary>
public interface ILabelMasked : IReadsLabels
{
    /// <summary>What the module does in eval mode; may be changed at any time.</summary>
    EvalMode EvalMode { get; set; }

    /// <summary>The masks, Bool [G, F], true where a neuron is kept: a row for each class, or one row that all share. The module's own tensor.</summary>
    Tensor class_masks { get; }

    /// <summary>
    /// The gaps by which the module chose its masks in its last training step: how much more active each neuron was in training than in validation. A new tensor
    /// [G, F] that belongs to the caller; NaN for a class whose mask was not chosen in that step, and for all classes before the first such step.
    /// </summary>
    Tensor Gaps();
}

using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Dropouts;

/// <summary>
/// Dropout of sequences with one mask over time, for the inputs and outputs of recurrent layers: a feature of a sample is dropped at all of its steps or at none
/// ("variational" dropout, arXiv 1512.05287; docs/layers.md).
/// </summary>
/// <remarks>It is <see cref="BroadcastDropout"/> over the dimension of time. A sequence that comes in pieces gets a mask for each piece.</remarks>
/// <param name="p">Drop rate in [0, 1]; with 1 the output is 0.</param>
/// <param name="batch_first">Whether inputs are [N, T, F]; else they are [T, N, F], which is also the default of recurrent layers.</param>
/// <exception cref="ArgumentOutOfRangeException">p is out of range.</exception>
public sealed class LockedDropout(double p = 0.5, bool batch_first = false)
    : DropoutModule(nameof(LockedDropout), p, upToOne: true)
{
    /// <summary>Whether inputs are [N, T, F] and not [T, N, F].</summary>
    public bool batch_first { get; } = batch_first;

    /// <summary>Whether rows are samples and not steps of time, which share a draw.</summary>
    public override bool DrawsForEachRow => batch_first;

    private protected override string Settings => string.Create(CultureInfo.InvariantCulture, $"p={p}, batch_first={batch_first}");

    private protected override Tensor Train(Tensor input) => BroadcastDropoutMath.Apply(input, BroadcastDropoutMath.Mask(input, p, [batch_first ? 1 : 0], generator), p);

    private protected override void CheckShape(Tensor input)
    {
        if (input.ndim != 3)
            throw Check.WrongShape(batch_first ? "[N, T, F]" : "[T, N, F]", input);
    }
}

public static partial class DropoutFactories
{
    extension(nn)
    {
        /// <inheritdoc cref="NsDropoutTorch.Dropouts.LockedDropout(double, bool)"/>
        public static LockedDropout LockedDropout(double p = 0.5, bool batch_first = false) => new(p, batch_first);
    }
}

using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Callbacks;

/// <summary>
/// Stops when the loss or a penalty is NaN or infinite and names the first such batch. The losses of an epoch are kept on the device and read
/// only when their mean is not finite, so a healthy run waits for nothing more; with <see cref="EveryStep"/> the loss of each step is read, which waits for the device
/// and ends the epoch at once.
/// </summary>
public sealed class StopOnNonFinite : Callback
{
    private Tensor? losses;

    /// <summary>Whether to look after every step and not only after every epoch. Default: false.</summary>
    public bool EveryStep { get; init; }

    /// <inheritdoc/>
    public override void OnFitBegin(FitContext context) => losses = null;

    /// <inheritdoc/>
    public override void OnEpochBegin(FitContext context) => losses = EveryStep
        ? null
        : torch.zeros([context.StepsPerEpoch], dtype: ScalarType.Float64, device: Devices.Of(context.Model));

    /// <inheritdoc/>
    public override void OnStepEnd(FitContext context)
    {
        var step = (context.Iteration - 1) % context.StepsPerEpoch;
        if (losses is not null)
        {
            losses.narrow(0, step, 1).copy_(context.Loss!);
        }
        else if (context.Loss!.Number() is var loss && !double.IsFinite(loss))
        {
            Stop(context, context.Epoch, loss, step);
        }
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(FitContext context, EpochRecord record)
    {
        if (!double.IsFinite(record.TrainLoss + record.PenaltyLoss))
        {
            StopAtTheFirst(context, record);
        }
        else if (record.SelectionLoss is { } selection && !double.IsFinite(selection))
        {
            context.RequestStop($"the selection loss must stay finite, but got {Text(selection)} after {EpochOf(context, record.Epoch)}");
        }
    }

    private void StopAtTheFirst(FitContext context, EpochRecord record)
    {
        var values = losses?.cpu().data<double>().ToArray() ?? [];
        var step = Array.FindIndex(values, value => !double.IsFinite(value));
        if (step >= 0)
        {
            Stop(context, record.Epoch, values[step], step);
        }
        else
        {
            var mean = record.TrainLoss + record.PenaltyLoss;
            context.RequestStop($"the mean loss must stay finite, but got {Text(mean)} in {EpochOf(context, record.Epoch)}");
        }
    }

    private static void Stop(FitContext context, int epoch, double loss, long step) => context.RequestStop(
        Invariant($"the loss must stay finite, but got {Text(loss)} in {EpochOf(context, epoch)}, batch {step + 1}/{context.StepsPerEpoch}"));

    private static string EpochOf(FitContext context, int epoch) => Invariant($"epoch {epoch + 1}/{context.Options.Epochs}");

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}

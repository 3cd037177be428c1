using System.Globalization;
using TorchSharp;

namespace NsDropoutTorch.Training.TensorBoard;

/// <summary>
/// Logs a run for TensorBoard. Each start of the run, a resumed one too, adds an event file to the folder; TensorBoard then leaves out what earlier files hold of later steps.
/// The step of all that is logged is <see cref="FitContext.Iteration"/>. After each epoch come <c>loss/train</c>, <c>loss/penalty</c> where something was added to the loss, <c>loss/validation</c>,
/// <c>error/train</c>, <c>error/validation</c>, <c>learning_rate/epoch</c>, <c>seconds/epoch</c>, <c>NAME/train</c> and <c>NAME/validation</c> for each metric, and <c>drop_rate/NAME</c> for each module that learns its rate; what was not measured is left out.
/// </summary>
/// <param name="folder">The folder of the run, made when missing. TensorBoard compares the folders beside each other: <c>tensorboard --logdir</c> takes the folder around them.</param>
/// <param name="clock">Stamps the events; null: the system's clock.</param>
public sealed class TensorBoardLog(string folder, TimeProvider? clock = null) : Callback, IDisposable
{
    private static readonly (string Tag, Func<EpochRecord, double?> Of)[] Curves =
    [
        ("loss/train", static record => record.TrainLoss),
        ("loss/penalty", static record => record.PenaltyLoss == 0 ? null : record.PenaltyLoss),
        ("loss/validation", static record => record.SelectionLoss),
        ("error/train", static record => double.IsNaN(record.TrainError) ? null : record.TrainError),
        ("error/validation", static record => record.SelectionError),
        ("learning_rate/epoch", static record => record.LearningRate),
        ("seconds/epoch", static record => record.Seconds),
    ];

    private EventWriter? events;

    /// <summary>Logs <c>loss/step</c> and <c>learning_rate/step</c> after every so many steps, at least 1; null: never. Each time the loss is read, which waits for the device. Default: 50.</summary>
    public int? EverySteps { get; init => field = AtLeastOne(value, "steps between scalars"); } = 50;

    /// <summary>Logs histograms <c>parameters/NAME</c> and <c>gradients/NAME</c>, those of the last step, after every so many epochs, at least 1; null (the default): never.</summary>
    public int? HistogramsEveryEpochs { get; init => field = AtLeastOne(value, "epochs between histograms"); }

    /// <summary>The hyperparameters of the run by their names: text, truth values or numbers. Null (the default): none.</summary>
    /// <exception cref="ArgumentException">A value is of another type.</exception>
    public IReadOnlyDictionary<string, object>? HParams { get; init => field = value is null ? null : HParamSummaries.Checked(value); }

    /// <summary>Adds what else is to be logged after each epoch, such as images or text; null (the default): nothing.</summary>
    public Action<EventWriter, FitContext>? EachEpoch { get; init; }

    /// <inheritdoc/>
    public override IDisposable Claim() => this;

    /// <inheritdoc/>
    public override void OnFitBegin(FitContext context)
    {
        events = new(folder, clock);
        events.Restart(context.Iteration + 1);
        if (HParams is not null)
            events.HParams(HParams, "loss/train", "error/train", "loss/validation", "error/validation");
        events.Flush();
    }

    /// <inheritdoc/>
    public override void OnStepEnd(FitContext context)
    {
        if (context.Iteration % EverySteps == 0)
        {
            events!.Scalar("loss/step", context.Loss!.Number(), context.Iteration);
            events.Scalar("learning_rate/step", context.LearningRate, context.Iteration);
        }
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(FitContext context, EpochRecord record)
    {
        foreach (var (tag, of) in Curves)
        {
            if (of(record) is { } value)
                events!.Scalar(tag, value, context.Iteration);
        }

        foreach (var (tag, values) in new[] { ("{0}/train", record.TrainMetrics), ("{0}/validation", record.SelectionMetrics), ("drop_rate/{0}", record.LearnedRates) })
        {
            foreach (var (name, value) in values)
                events!.Scalar(string.Format(CultureInfo.InvariantCulture, tag, name), value, context.Iteration);
        }

        if (context.Epoch % HistogramsEveryEpochs == 0)
            LogHistograms(context);
        EachEpoch?.Invoke(events!, context);
        events!.Flush();
    }

    /// <inheritdoc/>
    public override void OnFitEnd(FitContext context)
    {
        // A cancelled run is not over: it may be resumed.
        if (HParams is not null && context.IsComplete)
            events!.HParamsEnd();
    }

    /// <summary>Closes the file; the trainer does this when the run is over, also when it failed.</summary>
    public void Dispose() => events?.Dispose();

    private static int? AtLeastOne(int? value, string name) => value is { } count ? (int)Require.AtLeast(1, count, name) : null;

    private void LogHistograms(FitContext context)
    {
        using var scope = torch.NewDisposeScope();
        foreach (var (name, parameter) in context.Model.named_parameters())
        {
            events!.Histogram($"parameters/{name}", parameter, context.Iteration);
            if (parameter.grad is { } gradient)
                events.Histogram($"gradients/{name}", gradient, context.Iteration);
        }
    }
}

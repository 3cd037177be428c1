using System.Diagnostics;
using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Report;
using NsDropoutTorch.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Examples;

/// <summary>
/// Watches a training run for a page that moves: boundary, figures and dropped neurons after some epochs, more of the first than of the last. It draws no random number and changes nothing, so
/// the run comes to the same bits with it and without.
/// </summary>
/// <param name="name">What is trained.</param>
/// <param name="model">The network.</param>
/// <param name="train">What it learns from.</param>
/// <param name="test">What it is tested on. Nothing is chosen by it.</param>
internal sealed class FilmRecorder(string name, Sequential model, TensorData train, TensorData test) : Callback, IDisposable
{
    private const int MostFrames = 90;
    private const double Extent = 1.15;
    private const int Side = 120;
    private const string Dropout = "dropout1";

    private const string ClassMasks = "The masks of the three classes after the epoch, a row each: filled is dropped.";
    private const string DrawnMasks = "For one training point of each arm, a row each, in the step of the epoch: what is filled as strongly as text was dropped, blue passed on, empty was zero before. Every point and every step has a mask of its own.";
    private const string Nothing = "For one training point of each arm, a row each, in the step of the epoch: blue passed on, empty was zero. Nothing is dropped.";

    private readonly List<FilmFrame> frames = [];
    private readonly List<UnitRow> drawn = [];
    private readonly long[] watched = MiddleOfEachClass(train);
    private readonly Stopwatch taken = new();
    private HashSet<int> epochs = [];
    private bool isWatching;
    private Action unhook = () => { };

    /// <summary>What was recorded.</summary>
    public TrainingFilm Film => new(name, Layer is NSDropout ? ClassMasks : frames.Exists(frame => frame.Units.Any(row => row.Dropped.Count > 0)) ? DrawnMasks : Nothing, [.. frames]);

    /// <summary>The time that recording took, without the training.</summary>
    public TimeSpan Taken => taken.Elapsed;

    private nn.Module<Tensor, Tensor> Layer => (nn.Module<Tensor, Tensor>)model.named_children().Single(child => child.name == Dropout).module;

    /// <summary>The epochs shown, from 0: evenly spread over the logarithm, with the first and the last.</summary>
    /// <param name="count">Epochs of the run.</param>
    public static IReadOnlyList<int> Shown(int count) =>
        [.. Enumerable.Range(0, MostFrames).Select(i => (int)Math.Round(Math.Pow(count, i / (MostFrames - 1.0))) - 1).Distinct()];

    public override void OnFitBegin(FitContext context)
    {
        Dispose();
        frames.Clear();
        taken.Reset();
        epochs = [.. Shown(context.Options.Epochs)];
        unhook = Layer.register_forward_hook((_, input, output) => Seen(input, output)).remove;
    }

    public override void OnStepBegin(FitContext context)
    {
        drawn.Clear();
        isWatching = epochs.Contains(context.Epoch) && Layer is not NSDropout;
    }

    public override void OnStepEnd(FitContext context) => isWatching = false;

    public override void OnEpochEnd(FitContext context, EpochRecord record)
    {
        if (!epochs.Contains(record.Epoch)) return;
        taken.Start();
        var tested = Trainer.Evaluate(model, test);
        frames.Add(new(
            record.Epoch, new(record.TrainLoss + record.PenaltyLoss, record.TrainError), new(tested.Loss, tested.Error),
            DecisionMap.Of(model, Extent, Side), Layer is NSDropout layer ? MasksOf(layer) : [.. drawn]));
        taken.Stop();
    }

    public void Dispose()
    {
        unhook();
        unhook = () => { };
    }

    // Halfway along each arm. A full batch has its rows in the order of the data.
    private static long[] MiddleOfEachClass(TensorData data) =>
        [.. data.Labels.data<long>().ToArray().Index().GroupBy(row => row.Item).OrderBy(rows => rows.Key).Select(rows => (long)rows.ElementAt(rows.Count() / 2).Index)];

    private static List<UnitRow> MasksOf(NSDropout layer)
    {
        var kept = layer.class_masks.data<bool>().ToArray().Chunk((int)layer.num_features);
        return [.. kept.Select((row, arm) => new UnitRow($"arm {arm}", row.Length, Where(row, isKept => !isKept), []))];
    }

    // What dropout got from the activation, and what it let through. A value that was zero before is neither.
    private Tensor Seen(Tensor input, Tensor output)
    {
        if (!isWatching) return output;
        taken.Start();
        using var scope = NewDisposeScope();
        var rows = tensor(watched);
        var (before, after) = (Rows(input.detach(), rows), Rows(output.detach(), rows));
        drawn.AddRange(before.Zip(after, (was, went) => was.Zip(went).ToArray()).Select((row, arm) => new UnitRow(
            $"arm {arm}", row.Length, Where(row, unit => unit.First != 0 && unit.Second == 0), Where(row, unit => unit.Second != 0))));
        taken.Stop();
        return output;
    }

    private static IEnumerable<float[]> Rows(Tensor values, Tensor rows) => values.index_select(0, rows).data<float>().ToArray().Chunk((int)values.shape[1]);

    private static long[] Where<T>(T[] units, Func<T, bool> holds) => [.. units.Index().Where(unit => holds(unit.Item)).Select(unit => (long)unit.Index)];
}

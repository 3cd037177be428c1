using System.Text.Json;
using System.Text.Json.Nodes;
using NsDropoutTorch.Data;
using NsDropoutTorch.Dropouts;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Callbacks;

/// <summary>
/// Finds one drop rate for all layers of a model while it is trained, in place of a grid of rates: in the first 0.3 of the epochs a part of the training data is held out, and the rate rises while
/// the loss on it is above the loss of training, and falls while it is below. Then the rate stays at its mean over the last quarter of the changes, and the model is trained on all of the data.
/// </summary>
/// <remarks>
/// Every 25 steps (more often where the search would have fewer than eight changes) s ← clip(s + (H − T) / (2·(H + T)), −4, 0) and p = sigmoid(s), from p = 0.2: T is the mean of what those steps minimised,
/// with dropout on and with penalties, H the loss on the part held out, without either. Pass <see cref="Batches"/> as the part to fit to, and this object as a callback. Layers that learn their rate are left alone; all
/// others keep the rate that was found. What it is worth is in docs/results.md: it saves a grid, and no errors. This object must outlive the run.
/// </remarks>
public sealed class GapMatchedRate : Callback, IStateful, IDisposable
{
    private const int StepsEach = 25;
    private const int FewestUpdates = 8;
    private const double SearchShare = 0.3;
    private const double Lowest = -4;
    private static readonly double Start = Logit(0.2);

    private readonly TensorData heldOut;
    private readonly bool[] isHeldOut;
    private readonly List<GapMatchedUpdate> updates = [];
    private IDropRate[] layers = [];
    private bool isFittedTo;
    private Tensor? losses;
    private double sum;
    private double s = Start;
    private int steps;

    /// <summary>Holds out a part of the training data.</summary>
    /// <param name="train">The training data; the caller's to dispose, after this.</param>
    /// <param name="share">Share that is held out of every class, in (0, 1).</param>
    /// <param name="seed">Decides which samples are held out.</param>
    /// <exception cref="ArgumentException">share is outside its range, or a part would be empty.</exception>
    public GapMatchedRate(TensorData train, double share = 0.2, long seed = 0)
    {
        using var scope = NewDisposeScope();
        using var numbers = new TensorData(arange(Scalars.Of(0), Scalars.Of(train.Count), Scalars.Of(1), ScalarType.Int64, train.Labels.device), train.Labels.alias());
        var (rest, part) = numbers.Split(share, seed);
        using (rest)
        using (part)
        {
            isHeldOut = new bool[train.Count];
            foreach (var row in part.Inputs.cpu().data<long>())
                isHeldOut[row] = true;
            heldOut = train.Select(part.Inputs);
            heldOut.Inputs.DetachFromDisposeScope();
            heldOut.Labels.DetachFromDisposeScope();
        }

        Batches = new SearchSource(train, isHeldOut, () => isFittedTo = true);
    }

    /// <summary>What the model is to be fitted to: in the first 0.3 of the epochs the samples that are not held out, a few of them twice in an epoch so that every epoch is equally long, and then all.</summary>
    public BatchSource Batches { get; }

    /// <summary>The rate of the layers: of the last change, or the one that was found.</summary>
    public double Rate { get; private set; } = Sigmoid(Start);

    /// <summary>Every change of the rate.</summary>
    public IReadOnlyList<GapMatchedUpdate> Updates => updates;

    /// <inheritdoc/>
    public string Key => "gap-matched rate";

    /// <inheritdoc/>
    public void ResetState()
    {
        Forget();
        updates.Clear();
        (s, sum, steps, Rate) = (Start, 0, 0, Sigmoid(Start));
    }

    /// <inheritdoc/>
    public JsonNode SaveState() => JsonSerializer.SerializeToNode(new Memory(s, Sum(), steps, Rate, [.. updates]))!;

    /// <inheritdoc/>
    public void LoadState(JsonNode state, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var memory = state.Deserialize<Memory>()!;
        (s, sum, steps, Rate) = (memory.S, memory.Sum, memory.Steps, memory.Rate);
        updates.AddRange(memory.Updates);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The model has no layer whose rate can be set, the run has one epoch only, or it is fitted to something else than <see cref="Batches"/>.</exception>
    public override void OnFitBegin(FitContext context)
    {
        if (!isFittedTo)
            throw Require.Broken("a run with GapMatchedRate must be fitted to its Batches, but is fitted to something else: pass new TrainingData(rate.Batches, …).");
        if (context.Options.Epochs < 2)
            throw Require.Broken("a run with GapMatchedRate must have at least 2 epochs, one to search the rate in and one to train with it, but has 1.");
        layers = [.. DropRates.In(context.Model).Select(named => named.Layer).Where(layer => layer is not ILearnedRate)];
        if (layers.Length == 0)
            throw Require.Broken("the model must have a layer whose drop rate can be set, but has none: leave GapMatchedRate out, or implement IDropRate.");
        Set(Rate);
    }

    /// <inheritdoc/>
    public override void OnEpochBegin(FitContext context)
    {
        if (context.Epoch < SearchEpochs(context.Options.Epochs)) return;
        // Once the search is over nothing is added, so this gives the same rate at every epoch.
        var last = updates.TakeLast((updates.Count + 3) / 4).ToArray();
        if (last.Length > 0) Set(last.Average(update => update.Rate));
    }

    /// <inheritdoc/>
    public override void OnStepEnd(FitContext context)
    {
        var searchEpochs = SearchEpochs(context.Options.Epochs);
        if (context.Epoch >= searchEpochs) return;
        Add(context.Loss!);
        if (steps < Math.Clamp(searchEpochs * context.StepsPerEpoch / FewestUpdates, 1, StepsEach)) return;

        var (training, held) = (Sum() / steps, Trainer.Evaluate((nn.Module<Tensor, Tensor>)context.Model, heldOut, context.Options.Objective, context.Options.PieceBytes).Loss);
        Forget();
        (sum, steps) = (0, 0);
        // Where losses are not positive or not finite there is no gap to go by.
        if (training + held is not (> 0 and < double.PositiveInfinity)) return;
        s = Math.Clamp(s + ((held - training) / (2 * (held + training))), Lowest, 0);
        Set(Sigmoid(s));
        updates.Add(new(context.Iteration, training, held, Rate));
    }

    /// <inheritdoc/>
    public override void OnFitEnd(FitContext context) => isFittedTo = false;

    /// <inheritdoc/>
    public override void OnException(FitContext context, Exception exception) => isFittedTo = false;

    /// <summary>Frees the part that is held out.</summary>
    public void Dispose()
    {
        heldOut.Dispose();
        Forget();
    }

    /// <summary>How many epochs of a run the search takes, the first ones; what chooses an epoch or stops the run should look at later ones alone.</summary>
    /// <param name="epochs">Epochs of the run.</param>
    public static int SearchEpochs(int epochs) => Math.Max(1, (int)Math.Round(SearchShare * epochs));

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Logit(double p) => Math.Log(p / (1 - p));

    // On the device, so that no step waits for it.
    private void Add(Tensor loss)
    {
        using var noGradients = no_grad();
        steps++;
        if (losses is null)
            losses = loss.to(ScalarType.Float64, copy: true).detach().DetachFromDisposeScope();
        else
            losses.add_(loss, Scalars.One);
    }

    private double Sum()
    {
        using var scope = NewDisposeScope();
        return sum + (losses?.cpu().item<double>() ?? 0);
    }

    private void Forget()
    {
        losses?.Dispose();
        losses = null;
    }

    private void Set(double rate)
    {
        Rate = rate;
        foreach (var layer in layers)
            layer.p = rate;
    }

    private sealed record Memory(double S, double Sum, int Steps, double Rate, GapMatchedUpdate[] Updates);
}

/// <summary>A change of a rate by <see cref="GapMatchedRate"/>.</summary>
/// <param name="Iteration">Steps that had been done.</param>
/// <param name="TrainLoss">Mean of what the steps since the last change minimised.</param>
/// <param name="HeldOutLoss">Mean loss on the part held out, without dropout.</param>
/// <param name="Rate">The rate from then on.</param>
public sealed record GapMatchedUpdate(long Iteration, double TrainLoss, double HeldOutLoss, double Rate);

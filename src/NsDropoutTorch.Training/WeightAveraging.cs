using System.Text.Json.Nodes;
using NsDropoutTorch.Training.Optimizers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// An average over the weights of many steps, kept beside the model: each validation and <see cref="Callback.OnEpochEnd"/> find it in the model in place of the last weights, and a run that
/// has come to its end leaves it there. Checkpoints hold both; a resumed run goes on from the last weights, and <see cref="Checkpoints.Checkpoint.LoadWeights"/> loads the average.
/// What is averaged are parameters and the running statistics of batch normalisations; all other buffers are those of the last step.
/// </summary>
public abstract record WeightAveraging
{
    private protected WeightAveraging()
    {
    }

    /// <summary>How much of the average the weights after a step make up, given how many went into it before; null: nothing.</summary>
    internal abstract double? ShareOfStep(long averaged);

    /// <summary>Likewise for the weights after the last step of an epoch, counted from 0.</summary>
    internal abstract double? ShareOfEpoch(int epoch, long averaged);
}

/// <summary>
/// After each step average ← decay · average + (1 − decay) · weights; the first step's weights begin it ("EMA").
/// Source: Polyak and Juditsky, "Acceleration of Stochastic Approximation by Averaging", 1992; with this decay, Tarvainen and Valpola, "Mean teachers are better role models", 2017.
/// </summary>
/// <param name="Decay">What is left of the average after a step, in [0, 1); the average spans about 1 / (1 − decay) steps.</param>
public sealed record ExponentialAverage(double Decay = 0.999) : WeightAveraging
{
    /// <inheritdoc cref="ExponentialAverage(double)" path="/param"/>
    public double Decay { get; } = Decay < 1 ? Require.Fraction(Decay, "decay") : throw Require.Broken(Invariant($"decay must be in [0, 1), but got {Decay}."));

    internal override double? ShareOfStep(long averaged) => 1 - Decay;

    internal override double? ShareOfEpoch(int epoch, long averaged) => null;
}

/// <summary>
/// The mean of the weights after each epoch from one epoch on ("SWA"), best with a learning rate that stays high. Running statistics of batch normalisation are averaged as well, not measured anew.
/// Source: Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization", 2018.
/// </summary>
/// <param name="FromEpoch">The first epoch averaged, from 0; before it the model is validated as it is.</param>
public sealed record StochasticAverage(int FromEpoch) : WeightAveraging
{
    /// <inheritdoc cref="StochasticAverage(int)" path="/param"/>
    public int FromEpoch { get; } = (int)Require.AtLeast(0, FromEpoch, "first epoch of the average");

    internal override double? ShareOfStep(long averaged) => null;

    internal override double? ShareOfEpoch(int epoch, long averaged) => epoch < FromEpoch ? null : 1d / (averaged + 1);
}

/// <summary>The average of one run.</summary>
internal sealed class WeightAverage(nn.Module model, WeightAveraging averaging) : IStateful, IDisposable
{
    /// <summary>The key of the average in checkpoints; no callback may have it.</summary>
    public const string CheckpointKey = "average";

    private readonly Dictionary<string, Tensor> averages = new(StringComparer.Ordinal);
    private readonly (string Name, Tensor Weight)[] weights = [.. Averaged(model)];
    private long averaged;

    public string Key => CheckpointKey;

    public IReadOnlyDictionary<string, Tensor> StateTensors => averages;

    /// <summary>Whether a module itself keeps running statistics, as batch normalisation does.</summary>
    public static bool HasRunningStatistics(nn.Module module) => module.named_buffers(recurse: false).Any(IsRunningStatistic);

    public void AfterStep() => Add(averaging.ShareOfStep(averaged));

    public void AfterEpoch(int epoch) => Add(averaging.ShareOfEpoch(epoch, averaged));

    /// <summary>The model with the average in it, once there is one, until disposed.</summary>
    public IDisposable InModel()
    {
        Exchange();
        return new Swap(this);
    }

    /// <summary>The model keeps the average.</summary>
    public void Keep() => Exchange();

    public void ResetState()
    {
        Dispose();
        averaged = 0;
    }

    public JsonNode SaveState() => averaged == 0 ? new JsonObject() : new JsonObject { ["averaged"] = averaged };

    public void LoadState(JsonNode state, IReadOnlyDictionary<string, Tensor> tensors)
    {
        averaged = state["averaged"]?.GetValue<long>() ?? 0;
        foreach (var (name, weight) in weights)
        {
            if (tensors.TryGetValue(name, out var average))
                averages[name] = average.to(weight.device, copy: true).DetachFromDisposeScope();
        }
    }

    public void Dispose()
    {
        foreach (var average in averages.Values)
        {
            average.Dispose();
        }

        averages.Clear();
    }

    private static IEnumerable<(string Name, Tensor Weight)> Averaged(nn.Module model) =>
        model.named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter)).Concat(model.named_buffers().Where(IsRunningStatistic));

    private static bool IsRunningStatistic((string Name, Tensor Buffer) entry) =>
        entry.Name.Split('.')[^1] is "running_mean" or "running_var" && entry.Buffer.is_floating_point();

    private void Add(double? share)
    {
        if (share is not { } part)
        {
            return;
        }

        using var noGradients = torch.no_grad();
        foreach (var (name, weight) in weights)
        {
            if (!averages.TryGetValue(name, out var average))
                averages[name] = weight.detach().clone().DetachFromDisposeScope();
            else if (HostVectors.Reaches(average) && HostVectors.Reaches(weight))
                HostVectors.Blend(average, (float)(1 - part), weight, (float)part);
            else
                average.mul_(Scalars.Of(1 - part)).add_(weight, Scalars.Of(part));
        }

        averaged++;
    }

    private void Exchange()
    {
        if (averages.Count == 0)
        {
            return;
        }

        // Copied all before any is set, because tied weights have two names.
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        Tensor[] last = [.. weights.Select(entry => entry.Weight.clone())];
        foreach (var (name, weight) in weights)
        {
            weight.copy_(averages[name]);
        }

        foreach (var ((name, _), value) in weights.Zip(last))
        {
            averages[name].copy_(value);
        }
    }

    /// <summary>Takes the average out of the model again.</summary>
    private sealed class Swap(WeightAverage average) : IDisposable
    {
        public void Dispose() => average.Exchange();
    }
}

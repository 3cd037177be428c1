using NsDropoutTorch.Training.Checkpoints;
using NsDropoutTorch.Training.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// Sums of loss, penalty, errors and named values that stay on the device, and metrics: adding waits for nothing, and <see cref="Read"/> copies to the host.
/// It outlives the dispose scope it was made in.
/// </summary>
internal sealed class EpochMeter(Device device, IReadOnlyList<IScalarMetric> metrics) : IDisposable
{
    private const string Loss = "loss";
    private const string Penalty = "penalty";
    private const string Errors = "errors";
    private const string Targets = "targets";
    private const string Value = "value/";
    private const string Metric = "metric/";

    // A sum is there once something was added to it.
    private readonly Dictionary<string, Tensor> sums = new(StringComparer.Ordinal);
    private Dictionary<string, Tensor>? resumed;

    public long Samples { get; private set; }

    /// <summary>The sums and what metrics have gathered, by name; they stay the meter's own.</summary>
    public IReadOnlyDictionary<string, Tensor> Sums => sums
        .Concat(metrics.SelectMany(metric => metric.Gathered.Select(entry => KeyValuePair.Create($"{Metric}{metric.Name}/{entry.Key}", entry.Value))))
        .ToDictionary(StringComparer.Ordinal);

    /// <summary>Begins an epoch, or the rest of one that was loaded; metrics live as long as the caller's dispose scope.</summary>
    /// <param name="isNew">Whether it is a new epoch.</param>
    public void Begin(bool isNew)
    {
        if (isNew)
        {
            Samples = 0;
            using var wrappers = torch.NewDisposeScope();
            foreach (var sum in sums.Values)
            {
                sum.zero_();
            }
        }

        foreach (var metric in metrics)
        {
            metric.Begin(device);
            if (!isNew && resumed is not null)
            {
                metric.Resume(TensorEntry.Under($"{Metric}{metric.Name}/", resumed));
            }
        }

        FreeResumed();
    }

    /// <summary>Adds what was measured of a batch.</summary>
    /// <param name="result">What the step gave.</param>
    /// <param name="penalty">What was added to its loss; null: nothing.</param>
    public void Add(StepResult result, Tensor? penalty = null)
    {
        using var noGradients = torch.no_grad();
        var samples = result.Count ?? 1;
        if (result.Targets is { } targets)
        {
            Add(Loss, result.Loss.mul(targets));
            Add(Targets, targets);
        }
        else
        {
            Add(Loss, result.Loss, samples);
        }

        if (result.Errors is { } errors)
        {
            Add(Errors, errors);
        }

        if (penalty is not null)
        {
            Add(Penalty, penalty, samples);
        }

        foreach (var (name, value) in result.Values)
        {
            Add(Value + name, value, samples);
        }

        Samples += samples;
    }

    /// <summary>Means over what was added so far; NaN where there is nothing, and for errors that nobody counts.</summary>
    public Totals Read()
    {
        using var scope = torch.NewDisposeScope();
        foreach (var metric in metrics)
        {
            metric.End();
        }

        var values = sums.Count == 0 ? [] : torch.stack(sums.Values).cpu().data<double>().ToArray();
        var read = sums.Keys.Zip(values).ToDictionary(StringComparer.Ordinal);
        var counted = read.TryGetValue(Targets, out var targets) ? targets : Samples;
        return new(
            read.GetValueOrDefault(Loss) / counted, read.GetValueOrDefault(Penalty) / Samples, read.GetValueOrDefault(Errors, double.NaN) / counted, read.ContainsKey(Errors), Samples,
            NamedValues.Of([
                .. metrics.Select(metric => KeyValuePair.Create(metric.Name, metric.Value)),
                .. read.Where(sum => sum.Key.StartsWith(Value, StringComparison.Ordinal)).Select(sum => KeyValuePair.Create(sum.Key[Value.Length..], sum.Value / Samples)),
            ]));
    }

    /// <summary>Takes up what <see cref="Sums"/> gave.</summary>
    public void Load(IReadOnlyDictionary<string, Tensor> loaded, long samples)
    {
        Samples = samples;
        FreeResumed();
        resumed = new(StringComparer.Ordinal);
        foreach (var (name, tensor) in loaded)
        {
            if (name.StartsWith(Metric, StringComparison.Ordinal))
            {
                resumed[name] = tensor.On(device).clone().DetachFromDisposeScope();
            }
            else
            {
                Sum(name).copy_(tensor);
            }
        }
    }

    public void Dispose()
    {
        FreeResumed();
        foreach (var sum in sums.Values)
        {
            sum.Dispose();
        }
    }

    // In place where both lie in host memory: an operator on two numbers takes ten times as long.
    private void Add(string name, Tensor value, long times = 1)
    {
        var sum = Sum(name);
        if (value.ndim == 0 && sum.device_type == DeviceType.CPU && NumberIn(value) is { } number)
            sum.Elements<double>()[0] += times * number;
        else
            sum.add_(value, alpha: Scalars.Of(times));
    }

    private static double? NumberIn(Tensor value) =>
        value.IsInPlace(ScalarType.Float32) ? value.Elements<float>()[0] : value.IsInPlace(ScalarType.Int64) ? value.Elements<long>()[0] : null;

    private Tensor Sum(string name)
    {
        if (!sums.TryGetValue(name, out var sum))
        {
            sum = sums[name] = torch.zeros([], dtype: ScalarType.Float64, device: device).DetachFromDisposeScope();
        }

        return sum;
    }

    private void FreeResumed()
    {
        foreach (var (_, tensor) in resumed ?? [])
        {
            tensor.Dispose();
        }

        resumed = null;
    }

    /// <summary>Means; the error is NaN where nothing was counted.</summary>
    internal sealed record Totals(double Loss, double Penalty, double Error, bool CountsErrors, long Samples, NamedValues Metrics);
}

using System.Diagnostics;
using System.Security.Cryptography;
using NsDropoutTorch.Data;
using NsDropoutTorch.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Docs.Tests.Leaks;

/// <summary>
/// Watches a program that knows nothing of it: hashes of the state of every model at the end of its training, and of every output for which no label chose a mask. Ends each
/// training after a few steps (with the epoch, where that is short), and shuffles the test labels of every data set that is loaded where it is told to.
/// </summary>
internal sealed class ProgramWatch : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const int Steps = 12;
    private const int LongEpoch = 100;
    private readonly bool shufflesTestLabels;
    private readonly List<string> seen = [];
    private readonly List<IDisposable> subscriptions = [];

    public ProgramWatch(bool shufflesTestLabels)
    {
        this.shufflesTestLabels = shufflesTestLabels;
        subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    /// <summary>Runs a program twice, once with shuffled test labels; what is seen must be the same to the bit.</summary>
    /// <param name="program">The program; it returns what it writes of errors.</param>
    public static void AssertSame(Func<string> program) => Assert.Equal(SeenIn(program, shuffles: false), SeenIn(program, shuffles: true));

    /// <summary>What is seen of a program, which must load its data and train by these libraries.</summary>
    /// <param name="program">The program; it returns what it writes of errors.</param>
    /// <param name="shuffles">Whether the test labels of its data are shuffled.</param>
    public static IReadOnlyList<string> SeenIn(Func<string> program, bool shuffles)
    {
        using var watch = new ProgramWatch(shuffles);
        var error = program();
        Assert.True(watch is { Loaded: > 0, Trained: > 0 }, $"a program must load its data by the catalogue and train by the trainer to be guarded, but {watch.Loaded} data sets and {watch.Trained} trainings were seen. {error}");
        return watch.Seen;
    }

    /// <summary>What was seen, in order.</summary>
    public IReadOnlyList<string> Seen => seen;

    /// <summary>Models trained.</summary>
    public int Trained { get; private set; }

    /// <summary>Data sets loaded.</summary>
    public int Loaded { get; private set; }

    public void OnNext(DiagnosticListener listener)
    {
        if (listener.Name is "NsDropoutTorch.Training" or "NsDropoutTorch.Data") subscriptions.Add(listener.Subscribe(this));
    }

    public void OnNext(KeyValuePair<string, object?> program)
    {
        switch (program)
        {
            case { Key: "DatasetLoaded", Value: Dataset dataset }:
                Loaded++;
                if (shufflesTestLabels) Shuffle(dataset.Test.Labels);
                break;
            case { Key: "StepEnd", Value: FitContext context } when context.Iteration >= Steps && (context.Iteration % context.StepsPerEpoch == 0 || context.StepsPerEpoch >= LongEpoch):
                context.RequestStop("seen enough");
                break;
            case { Key: "FitEnd", Value: FitContext context }:
                Trained++;
                seen.Add($"state {Hash(context.Model.state_dict().OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Value))}");
                break;
            case { Key: "Outputs", Value: ValueTuple<nn.Module, Tensor> (var model, var outputs) } when !ReadsLabels(model):
                seen.Add($"outputs {Hash([outputs])}");
                break;
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose() => subscriptions.ForEach(subscription => subscription.Dispose());

    private static bool ReadsLabels(nn.Module model) => model.modules().Prepend(model).OfType<NSDropoutModule>().Any(layer => layer.EvalMode == EvalMode.LabelMask);

    private static void Shuffle(byte[] labels)
    {
        var before = labels.ToArray();
        new Random(5).Shuffle(labels);
        Assert.NotEqual(before, labels);
    }

    private static string Hash(IEnumerable<Tensor> tensors)
    {
        using var scope = NewDisposeScope();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in tensors) hash.AppendData(tensor.detach().cpu().contiguous().bytes);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

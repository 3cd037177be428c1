using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using TorchSharp;
using static TorchSharp.torch;

namespace SuddenDrops;

/// <summary>A data set of the catalogue: <c>mnist</c>, two of its classes (<c>mnist:3+8</c>), with inputs that are −1 or 1 (<c>mnist:binary</c>), or with fewer samples to learn from than the notebooks' 10,000 (<c>mnist:2500</c>).</summary>
internal sealed class Samples : IDisposable
{
    private const int NotebooksKept = 10_000;

    private Samples(TensorData train, TensorData test, int classes, int kept) => (Train, Test, Classes, Kept) = (train, test, classes, kept);

    /// <summary>The training set.</summary>
    public TensorData Train { get; }

    /// <summary>The test set, which only scores.</summary>
    public TensorData Test { get; }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>How many samples of the training set a run uses at most, of which it holds a fifth out.</summary>
    public int Kept { get; }

    /// <summary>Loads what a text names.</summary>
    public static Samples Load(string text)
    {
        var (name, form) = text.Split(':') is [var first, var second] ? (first, second) : (text, "");
        var data = (ImageDataset)DatasetCatalog.Over().Load(name);
        using var train = data.TrainTensors();
        using var test = data.TestTensors();
        long[] classes = form.Contains('+', StringComparison.Ordinal)
            ? [.. form.Split('+').Select(digit => long.Parse(digit, System.Globalization.CultureInfo.InvariantCulture))]
            : [.. Enumerable.Range(0, data.NumClasses).Select(digit => (long)digit)];
        return new(Only(train, classes, form == "binary"), Only(test, classes, form == "binary"), classes.Length, int.TryParse(form, System.Globalization.CultureInfo.InvariantCulture, out var kept) ? kept : NotebooksKept);
    }

    public void Dispose()
    {
        Train.Dispose();
        Test.Dispose();
    }

    // The samples of some classes, which are numbered anew in that order.
    private static TensorData Only(TensorData data, long[] classes, bool binary)
    {
        using var scope = NewDisposeScope();
        var matches = data.Labels.unsqueeze(1).eq(tensor(classes));
        var rows = matches.any(1).nonzero().flatten();
        var inputs = data.Inputs.index_select(0, rows);
        return new(binary ? inputs.gt(0).to(inputs.dtype).mul(2).sub(1) : inputs, matches.index_select(0, rows).to(ScalarType.Int64).argmax(1));
    }
}

using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>What a model is made of, as one pass of an input through it shows: its layers, their outputs, parameters and multiply-adds.</summary>
/// <param name="InputShape">Shape of the input, with its batch dimension.</param>
/// <param name="Layers">
/// The modules without children, and those with parameters or buffers of their own, in the order of registration, parents first. A module that is registered at several places is there once.
/// </param>
public sealed record ModelSummary(IReadOnlyList<long> InputShape, IReadOnlyList<LayerSummary> Layers)
{
    private static readonly string[] Header = ["layer", "type", "output", "parameters", "frozen", "buffers", "multiply-adds", "bytes", "calls"];

    /// <summary>Parameters of all layers, each counted once.</summary>
    public long Parameters => Layers.Sum(layer => layer.Parameters);

    /// <summary>Those of them that are not trained.</summary>
    public long FrozenParameters => Layers.Sum(layer => layer.FrozenParameters);

    /// <summary>Elements of all buffers, each counted once.</summary>
    public long Buffers => Layers.Sum(layer => layer.Buffers);

    /// <summary>Multiply-adds of the pass, without the layers for which they are not known.</summary>
    public long MultiplyAdds => Layers.Sum(layer => layer.MultiplyAdds ?? 0);

    /// <summary>Bytes of parameters and buffers.</summary>
    public long Bytes => Layers.Sum(layer => layer.Bytes);

    /// <summary>Sends zeros through a model and sums it up, see the other form.</summary>
    /// <param name="model">A module from one tensor to one tensor.</param>
    /// <param name="inputShape">Shape of the input, with its batch dimension.</param>
    /// <param name="dtype">Type of the input; null: that of the model's first parameter. An embedding wants <see cref="ScalarType.Int64"/>.</param>
    /// <exception cref="ArgumentException">The model is not from one tensor to one tensor.</exception>
    public static ModelSummary Of(nn.Module model, long[] inputShape, ScalarType? dtype = null)
    {
        using var scope = NewDisposeScope();
        var first = model.parameters().FirstOrDefault();
        return Of(model, zeros(inputShape, dtype ?? first?.dtype ?? ScalarType.Float32, first?.device ?? CPU));
    }

    /// <summary>
    /// Sends an input through a model in evaluation mode and sums it up. Nothing of the model changes: each module keeps its mode, and no tensor is left, also when the pass throws.
    /// </summary>
    /// <param name="model">A module from one tensor to one tensor.</param>
    /// <param name="input">The input, on the model's device.</param>
    /// <remarks>What is called by <c>forward</c> and not by <c>call</c> is not seen, and counts no call.</remarks>
    /// <exception cref="ArgumentException">The model is not from one tensor to one tensor.</exception>
    public static ModelSummary Of(nn.Module model, Tensor input)
    {
        var whole = model as nn.Module<Tensor, Tensor> ?? throw Require.Broken(
            $"a summary needs a model from one tensor to one tensor (nn.Module<Tensor, Tensor>), but got {model.GetType().Name}; wrap it in one that makes the other inputs itself.");
        return new(input.shape, LayerWatch.Run(whole, input));
    }

    /// <summary>A table of plain text: a line for each layer, then the totals; without a new line at the end.</summary>
    public override string ToString()
    {
        string[][] rows = [Header, .. Layers.Select(layer => layer.Cells()), ["total", "", "", .. Numbers(Parameters, FrozenParameters, Buffers, MultiplyAdds, Bytes), ""]];
        var widths = Header.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        var lines = rows.Select(row => string.Join("  ", row.Select((cell, column) => column < 3 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd()).ToArray();
        var rule = new string('─', widths.Sum() + (2 * (widths.Length - 1)));
        return string.Join('\n', [lines[0], rule, .. lines[1..^1], rule, lines[^1], Caption()]);
    }

    /// <summary>What stands below the table, a sentence.</summary>
    internal string Caption()
    {
        var unknown = Layers.Count(layer => layer.MultiplyAdds is null);
        var without = unknown == 0 ? "" : $", without {Plural.Of(unknown, "layer")} of which they are not known (?)";
        return $"Multiply-adds are those of an input {Shape(InputShape)}{without}.";
    }

    internal static string Shape(IReadOnlyList<long> shape) => $"[{string.Join(", ", shape)}]";

    internal static string[] Numbers(params long[] values) => Array.ConvertAll(values, value => value.ToString("#,##0", CultureInfo.InvariantCulture));
}

/// <summary>A layer of a <see cref="ModelSummary"/>.</summary>
/// <param name="Path">Its name in the model, such as <c>features.0</c>; the model itself goes by its type's name.</param>
/// <param name="Type">Its type's name.</param>
/// <param name="OutputShape">Shape of what it gave when it was last called, of several tensors the first; null where that is not known.</param>
/// <param name="Parameters">Elements of its own parameters, without those that a layer above it has too.</param>
/// <param name="FrozenParameters">Those of them that are not trained.</param>
/// <param name="Buffers">Elements of its own buffers, likewise.</param>
/// <param name="Bytes">Bytes of these parameters and buffers.</param>
/// <param name="MultiplyAdds">
/// Multiplications by weights, each with its addition, in all calls: of linear maps, convolutions and recurrent layers. 0 for embeddings, normalisations and layers without parameters; null where they are not known.
/// </param>
/// <param name="Calls">How often it was called; null where that is not known, as for a module with three inputs.</param>
public sealed record LayerSummary(
    string Path, string Type, IReadOnlyList<long>? OutputShape, long Parameters, long FrozenParameters, long Buffers, long Bytes, long? MultiplyAdds, int? Calls)
{
    /// <summary>Its line of the table; a question mark stands for what is not known.</summary>
    internal string[] Cells()
    {
        var numbers = ModelSummary.Numbers(Parameters, FrozenParameters, Buffers, MultiplyAdds ?? 0, Bytes, Calls ?? 0);
        return
        [
            Path, Type, OutputShape is null ? "?" : ModelSummary.Shape(OutputShape), .. numbers[..3],
            MultiplyAdds is null ? "?" : numbers[3], numbers[4], Calls is null ? "?" : numbers[5],
        ];
    }
}

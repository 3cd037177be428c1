using System.Globalization;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Callbacks;

/// <summary>
/// Keeps, of the last step of each epoch, the Euclidean norms of each parameter and of its gradient, and how much of the gradient is zero: layers that do not learn, and gradients that explode,
/// show there. Gradients are those that the optimizer has seen, after clipping. Everything is read from the device at once.
/// </summary>
public sealed class ParameterStatistics : Callback
{
    private readonly List<ParameterRecord> records = [];

    /// <summary>One record for each parameter and epoch, in the order of the model.</summary>
    public IReadOnlyList<ParameterRecord> Records => records;

    /// <inheritdoc/>
    public override void OnFitBegin(FitContext context) => records.Clear();

    /// <inheritdoc/>
    public override void OnStepEnd(FitContext context)
    {
        if (context.Iteration % context.StepsPerEpoch != 0)
        {
            return;
        }

        using var noGradients = no_grad();
        var parameters = context.Model.named_parameters().ToArray();
        var measures = stack(parameters.SelectMany(entry => Measures(entry.parameter))).cpu().data<double>().ToArray().Chunk(3);
        records.AddRange(parameters.Zip(measures, (entry, values) => new ParameterRecord(context.Epoch, entry.name, values[0], values[1], values[2])));
    }

    /// <summary>A table of the last epoch.</summary>
    public override string ToString()
    {
        var last = records.Where(record => record.Epoch == records[^1].Epoch).ToArray();
        var width = last.Select(record => record.Name.Length).DefaultIfEmpty(0).Max();
        var table = new StringBuilder();
        foreach (var record in last)
        {
            table.AppendLine(CultureInfo.InvariantCulture, $"{record.Name.PadRight(width)}  norm {record.Norm,10:G4}  gradient {record.GradientNorm,10:G4}  zero {record.ZeroGradients,7:P1}");
        }

        return table.ToString();
    }

    // A parameter without a gradient has one of zero.
    private static IEnumerable<Tensor> Measures(Tensor parameter)
    {
        var gradient = parameter.grad;
        yield return parameter.norm().to(ScalarType.Float64);
        yield return gradient?.norm().to(ScalarType.Float64) ?? zeros([], ScalarType.Float64, parameter.device);
        yield return gradient?.eq(Scalars.Of(0)).to(ScalarType.Float64).mean() ?? ones([], ScalarType.Float64, parameter.device);
    }
}

/// <summary>A parameter at the end of an epoch.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Name">Its name in the model.</param>
/// <param name="Norm">Its Euclidean norm.</param>
/// <param name="GradientNorm">That of its gradient; 0 where it has none.</param>
/// <param name="ZeroGradients">Part of the gradient's elements that are zero, in [0, 1]; 1 where it has none.</param>
public sealed record ParameterRecord(int Epoch, string Name, double Norm, double GradientNorm, double ZeroGradients);

using NsDropoutTorch.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

public static partial class Trainer
{
    /// <summary>Measures <paramref name="model"/> in evaluation mode on <paramref name="data"/>, in pieces of bounded memory; each module's mode is put back. The results are in the metrics.</summary>
    /// <param name="model">Maps inputs <c>[n,…]</c> to outputs.</param>
    /// <param name="data">Inputs and labels, on the model's device or on the host.</param>
    /// <param name="metrics">What to measure.</param>
    /// <param name="pieceBytes">Bytes of inputs fed at once, at least 1.</param>
    /// <exception cref="ArgumentException">There is no sample.</exception>
    public static void Evaluate(
        nn.Module<Tensor, Tensor> model,
        TensorData data,
        IReadOnlyList<IMetric> metrics,
        long pieceBytes = TrainerOptions.DefaultPieceBytes)
    {
        TrainingDataCheck.CheckMeasurable(data);
        Run(metrics, Placement.Of(model) ?? data.Inputs.device, add => Pieces.ForEach(model, data, pieceBytes, add));
    }

    /// <summary>Measures <paramref name="model"/> in evaluation mode on the batches of a loader or any other sequence; each module's mode is put back. The results are in the metrics.</summary>
    /// <param name="model">Maps inputs <c>[n,…]</c> to outputs.</param>
    /// <param name="batches">Inputs <c>[n,…]</c> and labels <c>[n]</c>, of at least one sample each; tensors made while it is walked are freed one batch after the other.</param>
    /// <param name="metrics">What to measure.</param>
    /// <exception cref="ArgumentException">A batch is empty or of unequal counts, or there is none.</exception>
    public static void Evaluate(
        nn.Module<Tensor, Tensor> model, IEnumerable<(Tensor Inputs, Tensor Labels)> batches, IReadOnlyList<IMetric> metrics) =>
        Run(metrics, Placement.Of(model) ?? torch.CPU, add => Pieces.ForEach(model, batches, add));

    private static void Run(IReadOnlyList<IMetric> metrics, Device device, Action<Action<Tensor, Tensor>> feed)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        foreach (var metric in metrics)
        {
            metric.Begin(device);
        }

        feed((outputs, labels) =>
        {
            foreach (var metric in metrics)
            {
                metric.Add(outputs, labels);
            }
        });
        foreach (var metric in metrics)
        {
            metric.End();
        }
    }
}

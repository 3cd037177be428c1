using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>How much a step on the CPU has to compute, told before it by the sizes of a network alone.</summary>
internal static class StepWork
{
    // Multiply-adds that take as long as what else passes over an output (activation, dropout, their gradients) and over a weight (its gradient, the optimizer's step).
    private const long OfAnOutput = 16;
    private const long OfAWeight = 4;

    /// <summary>Multiply-adds of the average layer, with what else takes as long; null where they are not known.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="inputs">Of a batch <c>[n,…]</c>. Through a model with convolutions or embeddings the first of them passes in evaluation mode.</param>
    /// <param name="samples">That pass through the model at a time.</param>
    public static double? OfAverageLayer(nn.Module model, Tensor inputs, double samples)
    {
        if (inputs.device_type != DeviceType.CPU) return null;

        var layers = (IsOfMatrices(model, inputs) ? OfMatrices(model, inputs) : OfLayers(model, inputs)) ?? [];
        return layers.Count == 0 ? null : ((samples * layers.Sum()) + (OfAWeight * model.parameters().Sum(parameter => parameter.numel()))) / layers.Count;
    }

    private static bool IsOfMatrices(nn.Module model, Tensor inputs) =>
        inputs.is_floating_point() && model.parameters().All(parameter => parameter.dim() <= 2) && !model.modules().Any(module => module is Embedding or EmbeddingBag);

    /// <summary>What each matrix computes of a sample. Places of a sample are counted where the first layer meets it.</summary>
    private static List<double> OfMatrices(nn.Module model, Tensor inputs)
    {
        var matrices = model.named_parameters().Where(named => named.parameter.dim() == 2).ToList();
        if (matrices.Count == 0) return [];

        // A recurrent layer takes one place after the other.
        var isRecurrent = matrices.Exists(named => named.name.Contains("weight_hh", StringComparison.Ordinal));
        var places = isRecurrent ? 1 : Math.Max(1, (double)inputs.numel() / inputs.size(0) / matrices[0].parameter.size(1));
        return [.. matrices.Select(named => places * named.parameter.size(0) * (named.parameter.size(1) + OfAnOutput))];
    }

    /// <summary>What each layer computes of a sample, as one that passes shows; null where a layer with weights is of an unknown kind, or was not seen.</summary>
    private static List<double>? OfLayers(nn.Module model, Tensor inputs)
    {
        if (LayersOf(model, inputs) is not { } layers || layers.Any(layer => layer is { MultiplyAdds: null } or { Parameters: > 0, Calls: null or 0 })) return null;

        return [.. layers.Where(layer => layer.MultiplyAdds > 0).Select(OfLayer)];
    }

    // A recurrent layer takes one place after the other, here too.
    private static double OfLayer(LayerSummary layer) => layer.Type is nameof(LSTM) or nameof(GRU) or nameof(RNN)
        ? layer.Parameters
        : layer.MultiplyAdds!.Value + layer.OutputShape!.Aggregate((double)OfAnOutput, (product, size) => product * size);

    private static IReadOnlyList<LayerSummary>? LayersOf(nn.Module model, Tensor inputs)
    {
        if (model is not nn.Module<Tensor, Tensor>) return null;

        using var scope = NewDisposeScope();
        var random = RandomState.Of(model);
        try
        {
            using var labels = LabelReaders.AreIn(model) ? LabelScope.Use(zeros(1, ScalarType.Int64)) : null;
            return ModelSummary.Of(model, inputs.narrow(0, 0, 1).clone()).Layers; // A clone, as a model may work in place.
        }
        catch (Exception)
        {
            return null; // A model that cannot take one sample, or not in evaluation mode, may well be trained.
        }
        finally
        {
            RandomState.PutBack(model, random);
        }
    }
}

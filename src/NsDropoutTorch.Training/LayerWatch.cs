using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>Watches a layer while a model is called: how often, with what output, with how many multiply-adds.</summary>
internal sealed class LayerWatch : IDisposable
{
    private readonly string path;
    private readonly nn.Module module;
    private readonly Action? unhook;
    private int calls;
    private long[]? output;
    private long? multiplyAdds = 0;

    private LayerWatch(string path, nn.Module module)
    {
        this.path = path;
        this.module = module;
        unhook = Hook();
    }

    /// <summary>Calls a model in evaluation mode and returns its layers.</summary>
    public static IReadOnlyList<LayerSummary> Run(nn.Module<Tensor, Tensor> model, Tensor input)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var mode = EvaluationMode.Of(model);
        var watches = new List<LayerWatch>();
        try
        {
            watches.AddRange(Tree("", model).DistinctBy(named => named.Module, ReferenceEqualityComparer.Instance)
                .Where(named => IsLayer(named.Module)).Select(named => new LayerWatch(named.Path.Length == 0 ? model.GetName() : named.Path, named.Module)));
            model.call(input);
            var counted = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
            return [.. watches.Select(watch => watch.Summary(counted))];
        }
        finally
        {
            watches.ForEach(watch => watch.Dispose());
        }
    }

    public void Dispose() => unhook?.Invoke();

    private static IEnumerable<(string Path, nn.Module Module)> Tree(string path, nn.Module module) =>
        module.named_children().SelectMany(child => Tree(path.Length == 0 ? child.name : $"{path}.{child.name}", child.module)).Prepend((path, module));

    private static bool IsLayer(nn.Module module) =>
        !module.named_children().Any() || module.parameters(recurse: false).Any() || module.buffers(recurse: false).Any();

    private LayerSummary Summary(HashSet<Tensor> counted)
    {
        var parameters = module.parameters(recurse: false).Where(counted.Add).ToArray();
        var buffers = module.buffers(recurse: false).Where(counted.Add).ToArray();
        return new(
            path,
            module.GetType().Name,
            output,
            parameters.Sum(parameter => parameter.numel()),
            parameters.Where(parameter => !parameter.requires_grad).Sum(parameter => parameter.numel()),
            buffers.Sum(buffer => buffer.numel()),
            parameters.Concat(buffers).Sum(tensor => tensor.numel() * tensor.ElementSize),
            unhook is null && HasWeights ? null : multiplyAdds,
            unhook is null ? null : calls);
    }

    // Modules of one input or two, and the recurrent ones, whose first output is the sequence.
    private Action? Hook()
    {
        switch (module)
        {
            case nn.Module<Tensor, Tensor> one:
                return one.register_forward_hook((_, input, result) => Seen(input, result, result)).remove;
            case nn.Module<Tensor, Tensor, Tensor> two:
                return two.register_forward_hook((_, input, _, result) => Seen(input, result, result)).remove;
            case nn.Module<Tensor, Tensor?, (Tensor, Tensor)> recurrent:
                return recurrent.register_forward_hook((_, input, _, result) => Seen(input, result.Item1, result)).remove;
            case nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)> recurrent:
                return recurrent.register_forward_hook((_, input, _, result) => Seen(input, result.Item1, result)).remove;
            default:
                return null;
        }
    }

    private T Seen<T>(Tensor input, Tensor first, T result)
    {
        calls++;
        output = first.shape;
        multiplyAdds += MultiplyAdds(input, first);
        return result;
    }

    private bool HasWeights => module.parameters(recurse: false).Any();

    // Of a bias, which is added once for each output, nothing is counted.
    private long? MultiplyAdds(Tensor input, Tensor result) => module switch
    {
        Linear linear => result.numel() * linear.weight!.size(1),
        // A weight of the kernel meets each place of the input, and not of the output.
        ConvolutionTranspose transposed => input.numel() * WeightsPerChannel(transposed),
        Convolution convolution => result.numel() * WeightsPerChannel(convolution),
        LSTM or GRU or RNN => result.numel() / result.size(-1) * Matrices(),
        Embedding or NormBase or LayerNorm or GroupNorm or PReLU => 0,
        _ => HasWeights ? null : 0,
    };

    private static long WeightsPerChannel(nn.Module module) => module.get_parameter("weight") is { } weight ? weight.numel() / weight.size(0) : 0;

    private long Matrices() => module.named_parameters(recurse: false).Where(named => named.name.StartsWith("weight", StringComparison.Ordinal)).Sum(named => named.parameter.numel());
}

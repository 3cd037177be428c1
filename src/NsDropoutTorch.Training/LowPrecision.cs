using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// Forward and backward passes in a shorter floating-point type than the weights: for their time the model's float32 parameters hold rounded copies, and its layers get rounded inputs.
/// Gradients are float32 and add up in float32. Parameters of layers with running statistics (batch normalisation) stay as they are.
/// Source: Micikevicius et al., "Mixed Precision Training", 2018.
/// </summary>
internal sealed class LowPrecision
{
    // TorchSharp cannot let a tensor hold values of another type; its compiler of TorchScript reaches the operator that does.
    private const string Script =
        """
        def set_data(tensors: List[Tensor], values: List[Tensor]):
            for tensor, value in zip(tensors, values):
                torch.set_data(tensor, value)
            return len(tensors)

        """;

    private static readonly Lazy<jit.CompilationUnit> Functions = new(() => jit.compile(Script));

    private readonly ScalarType type;
    private readonly Device device;
    private readonly Parameter[] parameters;
    private readonly nn.Module model;
    private readonly nn.Module[] rounded;

    /// <exception cref="ArgumentException">The device does not compute with that type, or a parameter is not float32.</exception>
    public LowPrecision(nn.Module model, ScalarType type, Device device)
    {
        (this.model, this.type, this.device) = (model, type, device);
        RequireOnDevice();
        RequireSingle(model);
        Scale = type == ScalarType.Float16 ? new() : null;
        nn.Module[] modules = [.. model.modules().Prepend(model).Distinct<nn.Module>(ReferenceEqualityComparer.Instance)];
        parameters = [.. modules.Where(module => !WeightAverage.HasRunningStatistics(module)).SelectMany(module => module.parameters(recurse: false))
            .Where(parameter => parameter.is_floating_point()).Distinct<Parameter>(ReferenceEqualityComparer.Instance)];
        rounded = [.. modules.Where(module => module.parameters().Intersect<Parameter>(parameters, ReferenceEqualityComparer.Instance).Any())];
    }

    /// <summary>By what losses are multiplied lest gradients vanish in float16; null for types that reach as far as float32.</summary>
    public LossScale? Scale { get; }

    /// <summary>The model with rounded parameters, until disposed, inside the caller's dispose scope.</summary>
    public IDisposable InModel()
    {
        Tensor[] weights = [.. parameters.Select(parameter => parameter.detach())];
        Set([.. weights.Select(tensor => tensor.to(type))]);
        return new Rounded(this, weights, [.. rounded.Select(HookInput).Append(HookOutput()).OfType<Action>()]);
    }

    /// <summary>After each backward pass: gradients that began with it become float32, so that later ones add up in float32.</summary>
    public void KeepGradients()
    {
        foreach (var parameter in parameters)
        {
            using var gradient = parameter.grad;
            if (gradient?.dtype == type)
            {
                using var full = gradient.to(ScalarType.Float32);
                parameter.grad = full;
            }
        }
    }

    /// <summary>Whether libtorch says that it has no operator for the type.</summary>
    public bool IsRefusal(ExternalException exception) =>
        FirstLine(exception) is var line && line.Contains(type == ScalarType.Float16 ? "Half" : "BFloat16", StringComparison.Ordinal)
        && (line.Contains("not implemented", StringComparison.Ordinal) || line.Contains("not supported", StringComparison.Ordinal));

    /// <summary>The same in a sentence with a repair.</summary>
    public ArgumentException Refused(ExternalException exception) => Require.Broken(
        $"Precision must be a type in which {device} computes all layers of the model, but got {type} ({FirstLine(exception)}); leave it null, or take another type or device.", exception);

    private static string FirstLine(ExternalException exception) => exception.Message.Split('\n')[0].TrimEnd('.');

    private void Set(Tensor[] values) => Functions.Value.invoke("set_data", parameters.ToArray<Tensor>(), values);

    private void RequireOnDevice()
    {
        using var scope = NewDisposeScope();
        try
        {
            var square = ones([8, 8], type, device, requires_grad: true);
            square.mm(square).sum().backward();
        }
        catch (ExternalException refusal)
        {
            throw Refused(refusal);
        }
    }

    private static void RequireSingle(nn.Module model)
    {
        if (model.named_parameters().FirstOrDefault(entry => entry.parameter.is_floating_point() && entry.parameter.dtype != ScalarType.Float32) is { parameter: { } other } found)
        {
            throw Require.Broken($"Precision needs a model whose parameters are Float32, to which the steps of the optimizer are added, but {found.name} is {other.dtype}; build the model in Float32, or leave Precision null.");
        }
    }

    private Action? HookInput(nn.Module module) => module switch
    {
        nn.Module<Tensor, Tensor> one => one.register_forward_pre_hook((_, input) => Round(input)).remove,
        nn.Module<Tensor, Tensor, Tensor> two => two.register_forward_pre_hook((_, first, second) => (Round(first), Round(second))).remove,
        nn.Module<Tensor, Tensor?, (Tensor, Tensor)> recurrent =>
            recurrent.register_forward_pre_hook((_, input, state) => (Round(input), state is null ? null : Round(state))).remove,
        nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)> recurrent =>
            recurrent.register_forward_pre_hook((_, input, state) => (Round(input), state is var (hidden, cell) ? (Round(hidden), Round(cell)) : null)).remove,
        _ => null,
    };

    private Action? HookOutput() => model switch
    {
        nn.Module<Tensor, Tensor> one => one.register_forward_hook((_, _, output) => Widen(output)).remove,
        nn.Module<Tensor, Tensor, Tensor> two => two.register_forward_hook((_, _, _, output) => Widen(output)).remove,
        _ => null,
    };

    private Tensor Round(Tensor input) => input.dtype == ScalarType.Float32 ? input.to(type) : input;

    private Tensor Widen(Tensor output) => output.dtype == type ? output.to(ScalarType.Float32) : output;

    /// <summary>Gives the parameters their own values again, and the layers their own inputs.</summary>
    private sealed class Rounded(LowPrecision precision, Tensor[] weights, Action[] unhook) : IDisposable
    {
        public void Dispose()
        {
            Array.ForEach(unhook, remove => remove());
            precision.Set(weights);
        }
    }
}

using System.Text.Json.Nodes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// The factor on the loss with which small gradients are kept in float16: halved where a gradient overflows, and that step is left out; doubled after many steps without.
/// Source: Micikevicius et al., "Mixed Precision Training", 2018, section 3.2.
/// </summary>
internal sealed class LossScale : IStateful
{
    private const double First = 65536;
    private const int StepsToDouble = 2000;

    private int finiteSteps;

    public string Key => "loss-scale";

    public double Value { get; private set; } = First;

    /// <summary>Divides the gradients by the factor and chooses the next one. Reads one number back from the device.</summary>
    /// <returns>Whether all gradients are finite.</returns>
    public bool Unscale(IEnumerable<Parameter> parameters)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        Tensor[] gradients = [.. parameters.Select(parameter => parameter.grad).OfType<Tensor>()];
        foreach (var gradient in gradients)
        {
            gradient.mul_(Scalars.Of(1 / Value));
        }

        // Not finite is what no multiplication by 0 makes 0.
        var isFinite = gradients.Length == 0 || stack(gradients.Select(gradient => gradient.sum().mul(Scalars.Of(0)))).sum().item<float>() == 0;
        Adapt(isFinite);
        return isFinite;
    }

    public void ResetState() => (Value, finiteSteps) = (First, 0);

    public JsonNode SaveState() => new JsonObject { ["scale"] = Value, ["finite steps"] = finiteSteps };

    public void LoadState(JsonNode state, IReadOnlyDictionary<string, Tensor> tensors) =>
        (Value, finiteSteps) = (state["scale"]!.GetValue<double>(), state["finite steps"]!.GetValue<int>());

    private void Adapt(bool isFinite)
    {
        finiteSteps = isFinite ? finiteSteps + 1 : 0;
        if (!isFinite)
        {
            Value = Math.Max(1, Value / 2);
        }
        else if (finiteSteps % StepsToDouble == 0)
        {
            Value *= 2;
        }
    }
}

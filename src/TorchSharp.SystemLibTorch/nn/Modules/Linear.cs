using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public sealed class Linear : nn.Module<Tensor, Tensor>
{
    internal Linear(long inputSize, long outputSize, bool hasBias, Device? device, ScalarType? dtype)
        : base(nameof(Linear))
    {
        in_features = inputSize;
        out_features = outputSize;
        weight = new Parameter(empty(outputSize, inputSize, dtype, device));
        nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        if (!hasBias) return;
        bias = new Parameter(empty(outputSize, dtype, device));
        var bound = inputSize > 0 ? 1 / Math.Sqrt(inputSize) : 0;
        nn.init.uniform_(bias!, -bound, bound);
    }

    internal Linear(Parameter weight, Parameter? bias)
        : base(nameof(Linear))
    {
        in_features = weight.size(1);
        out_features = weight.size(0);
        this.weight = weight;
        this.bias = bias;
    }

    public long in_features { get; set; }

    public long out_features { get; set; }

    [field: ComponentName(Name = nameof(bias))]
    public Parameter? bias { get; set => Assign(ref field, value, nameof(bias)); }

    [field: ComponentName(Name = nameof(weight))]
    public Parameter weight
    {
        get => field!;
        set => Assign(ref field, value ?? throw new ArgumentNullException(nameof(weight)), nameof(weight));
    }

    private protected override bool RemembersDevice => false;

    public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, weight, bias);
}

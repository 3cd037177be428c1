using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public sealed class Bilinear : nn.Module<Tensor, Tensor, Tensor>
{
    internal Bilinear(long in1_features, long in2_features, long out_features, bool hasBias, Device? device, ScalarType? dtype)
        : base(nameof(Bilinear))
    {
        this.in1_features = in1_features;
        this.in2_features = in2_features;
        this.out_features = out_features;
        var bound = 1 / Math.Sqrt(in1_features);
        weight = new Parameter(empty(out_features, in1_features, in2_features, dtype, device));
        nn.init.uniform_(weight, -bound, bound);
        if (!hasBias) return;
        bias = new Parameter(empty(out_features, dtype, device));
        nn.init.uniform_(bias!, -bound, bound);
    }

    public long in1_features { get; set; }

    public long in2_features { get; set; }

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

    public override Tensor forward(Tensor input1, Tensor input2) => nn.functional.bilinear(input1, input2, weight, bias);
}

using NsDropoutTorch.Dropouts;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Dropouts;

/// <summary>One of the layers that read no labels, or one of its variants, with what the questions asked of all of them need to know.</summary>
/// <param name="Make">Makes the layer from a rate and a dtype.</param>
/// <param name="Shape">The shape of an input.</param>
/// <param name="Rates">The range of p in words.</param>
/// <param name="ShapeInWords">The shape of any input, in words.</param>
/// <param name="WrongShape">A shape that the layer does not take.</param>
internal sealed record Sibling(Func<double, ScalarType, DropoutModule> Make, long[] Shape, string Rates, string ShapeInWords, long[] WrongShape)
{
    private const string SixLast = "[N, …] with 6 elements in its last dimensions";

    private static readonly DropConnectOptions Published = new() { PerSample = true, DropBias = true };
    private static readonly DropConnectOptions Matching = new() { Activation = static x => x.relu(), Samples = 3, DropBias = true };

    private static readonly Dictionary<string, Sibling> All = new(StringComparer.Ordinal)
    {
        ["DropConnectLinear"] = Linear((p, dtype) => torch.nn.DropConnectLinear(6, 4, p, dtype: dtype)),
        ["DropConnectLinear, per sample"] = Linear((p, dtype) => torch.nn.DropConnectLinear(6, 4, p, options: Published, dtype: dtype)) with { KeepsBias = false },
        ["DropConnectLinear, moments"] = Linear((p, dtype) => torch.nn.DropConnectLinear(6, 4, p, options: Matching, dtype: dtype)) with { KeepsBias = false },
        ["DropConnectConv1d"] = new((p, dtype) => torch.nn.DropConnectConv1d(2, 4, 3, p, dtype: dtype), [5, 2, 7], "[0, 1]", "[N, 2, L]", [5, 3, 7]) { Output = [4, 5], KeepsBias = true },
        ["DropConnectConv2d"] = new((p, dtype) => torch.nn.DropConnectConv2d(2, 4, 3, p, dtype: dtype), [3, 2, 5, 6], "[0, 1]", "[N, 2, H, W]", [3, 2, 5]) { Output = [4, 3, 4], KeepsBias = true },
        ["DropConnectConv2d, all sizes"] = new(
            (p, dtype) => torch.nn.DropConnectConv2d(2, 4, 3, p, stride: 2, padding: 1, dilation: 2, groups: 2, bias: false, dtype: dtype),
            [3, 2, 5, 6], "[0, 1]", "[N, 2, H, W]", [3, 3, 5, 6]) { Output = [4, 2, 2] },
        ["DropConnectConv1d, per sample"] = new(
            (p, dtype) => torch.nn.DropConnectConv1d(2, 4, 3, p, stride: 2, padding: 2, dilation: 2, groups: 2, per_sample: true, dtype: dtype),
            [5, 2, 7], "[0, 1]", "[N, 2, L]", [5, 7]) { Output = [4, 4], KeepsBias = true },
        ["DropConnectConv2d, per sample"] = new(
            (p, dtype) => torch.nn.DropConnectConv2d(2, 4, 3, p, bias: false, per_sample: true, dtype: dtype), [3, 2, 5, 6], "[0, 1]", "[N, 2, H, W]", [3, 1, 5, 6]) { Output = [4, 3, 4] },
        ["BroadcastDropout"] = new((p, _) => torch.nn.BroadcastDropout(p, [0, -1]), [5, 6, 2, 3], "[0, 1]", "", []),
        ["BroadcastDropout, over none"] = new((p, _) => torch.nn.BroadcastDropout(p), [5, 6], "[0, 1]", "", []),
        ["ConcreteDropout"] = new((p, dtype) => torch.nn.ConcreteDropout(6, p, dtype: dtype), [5, 6], "(0, 1)", SixLast, [5, 7]),
        ["ConcreteDropout, sequences"] = new((p, dtype) => torch.nn.ConcreteDropout(6, p, dtype: dtype), [3, 2, 6], "(0, 1)", SixLast, [6]),
        ["ConcreteDropout, images"] = new((p, dtype) => torch.nn.ConcreteDropout(6, p, dtype: dtype), [4, 1, 2, 3], "(0, 1)", SixLast, [6, 3, 4]),
        ["ConcreteDropout2d"] = new((p, dtype) => torch.nn.ConcreteDropout2d(6, p, dtype: dtype), [5, 6, 2, 3], "(0, 1)", "[N, 6, …]", [5, 2, 6]),
        ["DropBlock2d"] = new((p, _) => torch.nn.DropBlock2d(p, 3), [5, 2, 6, 7], "[0, 1]", "[N, C, H, W]", [5, 6]),
        ["DropBlock3d"] = new((p, _) => torch.nn.DropBlock3d(p, 2), [5, 2, 3, 4, 3], "[0, 1]", "[N, C, D, H, W]", [5, 2, 6, 7]),
        ["DropPath"] = new((p, _) => torch.nn.DropPath(p), [5, 3, 2], "[0, 1]", "[N, …]", []),
        ["EmbeddingDropout"] = Words((p, dtype) => torch.nn.EmbeddingDropout(30, 3, p, dtype: dtype)),
        ["EmbeddingDropout, padding"] = Words((p, dtype) => torch.nn.EmbeddingDropout(30, 3, p, padding_idx: 4, dtype: dtype)),
        ["FastDropout"] = new((p, _) => torch.nn.FastDropout(p), [5, 6], "[0, 1]", "", []),
        ["FastDropout2d"] = new((p, _) => torch.nn.FastDropout2d(p), [5, 6, 2, 3], "[0, 1]", "[N, C, …]", [5]),
        ["GaussianDropout"] = new((p, _) => torch.nn.GaussianDropout(p), [5, 6], "[0, 1)", "", []),
        ["LockedDropout"] = new((p, _) => torch.nn.LockedDropout(p), [5, 4, 3], "[0, 1]", "[T, N, F]", [5, 6]),
        ["LockedDropout, batch first"] = new((p, _) => torch.nn.LockedDropout(p, batch_first: true), [5, 4, 3], "[0, 1]", "[N, T, F]", [5, 6]),
        ["StandoutLinear"] = Linear((p, dtype) => torch.nn.StandoutLinear(6, 4, p, 0.5, dtype: dtype)) with { KeepsBias = false },
        ["StandoutLinear, activation"] = Linear((p, dtype) => torch.nn.StandoutLinear(6, 4, p, activation: static x => x.tanh(), dtype: dtype)) with { KeepsBias = false },
        ["StochasticDepth"] = new((p, _) => torch.nn.StochasticDepth(p), [5, 3, 2], "[0, 1]", "[N, …]", []),
        ["StochasticDepth, batch"] = new((p, _) => torch.nn.StochasticDepth(p, StochasticDepthMode.Batch), [5, 3, 2], "[0, 1]", "", []),
        ["TargetedDropoutLinear"] = Linear((p, dtype) => torch.nn.TargetedDropoutLinear(6, 4, p, dtype: dtype)) with { Spares = true },
        ["TargetedDropoutLinear, units"] = Linear((p, dtype) => torch.nn.TargetedDropoutLinear(6, 4, p, units: true, dtype: dtype)) with { Spares = true },
        ["VariationalDropout"] = new((p, dtype) => torch.nn.VariationalDropout(6, p, dtype: dtype), [5, 6], "(0, 0.5)", SixLast, [6]),
        ["VariationalDropout, sequences"] = new((p, dtype) => torch.nn.VariationalDropout(6, p, dtype: dtype), [3, 2, 6], "(0, 0.5)", SixLast, [3, 6, 2]),
        ["VariationalDropout, images"] = new((p, dtype) => torch.nn.VariationalDropout(6, p, dtype: dtype), [4, 1, 2, 3], "(0, 0.5)", SixLast, []),
        ["VariationalDropout2d"] = new((p, dtype) => torch.nn.VariationalDropout2d(6, p, dtype: dtype), [5, 6, 2, 3], "(0, 0.5)", "[N, 6, …]", [6]),
        ["WeightDrop"] = Linear((p, dtype) => Wrapped(() => torch.nn.Linear(6, 4, dtype: dtype), p)) with { ShapeInWords = "" },
        ["WeightDrop, convolution"] = new(
            (p, dtype) => Wrapped(() => torch.nn.Conv2d(2, 4, 3, padding: 1, padding_mode: PaddingModes.Reflect, dtype: dtype), p),
            [3, 2, 3, 4], "[0, 1]", "", []) { Output = [4, 3, 4], KeepsBias = true },
    };

    public static IEnumerable<string> Names => All.Keys;

    /// <summary>The shape of an output but for its first dimension, of a layer that maps its input by weights of its own; null: the shape of the input.</summary>
    public long[]? Output { get; private init; }

    /// <summary>Whether inputs are indices of so many words; 0: they are floating.</summary>
    public int Vocabulary { get; private init; }

    /// <summary>Whether the bias is never dropped.</summary>
    public bool KeepsBias { get; private init; }

    /// <summary>Whether some weights are never dropped.</summary>
    public bool Spares { get; private init; }

    public bool IsLinear => Output is not null;

    public ScalarType WrongType => Vocabulary > 0 ? ScalarType.Float32 : ScalarType.Int64;

    public string WrongTypeInWords => Vocabulary > 0
        ? "input must hold indices of words, Int64 or Int32, but got Float32: convert it with input.to(torch.int64)."
        : "input must have a floating-point dtype, but got Int64: convert it with input.to(torch.float32).";

    public bool LearnsRate => Rates[0] == '(';

    public static Sibling Of(string name) => All[name];

    /// <summary>A layer of this kind, with parameters drawn from a fixed seed.</summary>
    public DropoutModule Layer(double p = 0.4, ScalarType dtype = ScalarType.Float64)
    {
        manual_seed(11);
        return Make(p, dtype);
    }

    /// <summary>A fixed input with <paramref name="rows"/> rows, or as many as <see cref="Shape"/> has.</summary>
    public Tensor Input(int seed = 1, long? rows = null, ScalarType dtype = ScalarType.Float64)
    {
        long[] shape = [rows ?? Shape[0], .. Shape[1..]];
        if (Vocabulary > 0) return Support.Data.Labels(seed, shape.Aggregate(1L, (a, b) => a * b), Vocabulary).reshape(shape);
        return Support.Data.Normal(seed, 1, shape.Aggregate(1L, (a, b) => a * b), dtype).reshape(shape);
    }

    /// <summary>The same, of which a gradient can be asked where there is one.</summary>
    public Tensor Variable() => Vocabulary > 0 ? Input() : Input().requires_grad_();

    private static Sibling Linear(Func<double, ScalarType, DropoutModule> make) => new(make, [5, 6], "[0, 1]", "[N, 6]", [5, 5]) { Output = [4], KeepsBias = true };

    private static Sibling Words(Func<double, ScalarType, DropoutModule> make) => new(make, [5, 4], "[0, 1]", "", []) { Output = [4, 3], Vocabulary = 30 };

    // The module is its caller's until the layer has taken it; where it is made is the caller's affair too. TorchSharp's convolutions leave a tensor behind in the scope that they are made in.
    private static WeightDrop Wrapped(Func<nn.Module<Tensor, Tensor>> make, double p)
    {
        using var scope = NewDisposeScope();
        using var plain = new PlainTensors();
        var module = make();
        try
        {
            return torch.nn.WeightDrop(module, p);
        }
        catch
        {
            module.Dispose();
            throw;
        }
    }
}

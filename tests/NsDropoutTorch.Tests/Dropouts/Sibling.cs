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
    private static readonly DropConnectOptions Published = new() { PerSample = true, DropBias = true };
    private static readonly DropConnectOptions Matching = new() { Activation = static x => x.relu(), Samples = 3, DropBias = true };

    private static readonly Dictionary<string, Sibling> All = new(StringComparer.Ordinal)
    {
        ["DropConnectLinear"] = Linear((p, dtype) => torch.nn.DropConnectLinear(6, 4, p, dtype: dtype)),
        ["DropConnectLinear, per sample"] = Linear((p, dtype) => torch.nn.DropConnectLinear(6, 4, p, options: Published, dtype: dtype)),
        ["DropConnectLinear, moments"] = Linear((p, dtype) => torch.nn.DropConnectLinear(6, 4, p, options: Matching, dtype: dtype)),
        ["ConcreteDropout"] = new((p, dtype) => torch.nn.ConcreteDropout(6, p, dtype: dtype), [5, 6], "(0, 1)", "[N, 6]", [5, 7]),
        ["DropBlock2d"] = new((p, _) => torch.nn.DropBlock2d(p, 3), [5, 2, 6, 7], "[0, 1)", "[N, C, H, W]", [5, 6]),
        ["DropPath"] = new((p, _) => torch.nn.DropPath(p), [5, 3, 2], "[0, 1)", "[N, …]", []),
        ["FastDropout"] = new((p, _) => torch.nn.FastDropout(p), [5, 6], "[0, 1]", "", []),
        ["FastDropout2d"] = new((p, _) => torch.nn.FastDropout2d(p), [5, 6, 2, 3], "[0, 1]", "[N, C, …]", [5]),
        ["GaussianDropout"] = new((p, _) => torch.nn.GaussianDropout(p), [5, 6], "[0, 1)", "", []),
        ["TargetedDropoutLinear"] = Linear((p, dtype) => torch.nn.TargetedDropoutLinear(6, 4, p, dtype: dtype)),
        ["TargetedDropoutLinear, units"] = Linear((p, dtype) => torch.nn.TargetedDropoutLinear(6, 4, p, units: true, dtype: dtype)),
        ["VariationalDropout"] = new((p, dtype) => torch.nn.VariationalDropout(6, p, dtype: dtype), [5, 6], "(0, 0.5)", "[N, 6]", [6]),
    };

    public static IEnumerable<string> Names => All.Keys;

    /// <summary>Whether the layer maps its input by weights of its own.</summary>
    public bool IsLinear { get; private init; }

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
        return Support.Data.Normal(seed, 1, shape.Aggregate(1L, (a, b) => a * b), dtype).reshape(shape);
    }

    private static Sibling Linear(Func<double, ScalarType, DropoutModule> make) => new(make, [5, 6], "[0, 1)", "[N, 6]", [5, 5]) { IsLinear = true };
}

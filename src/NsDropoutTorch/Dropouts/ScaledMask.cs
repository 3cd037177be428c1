using static TorchSharp.torch;

namespace NsDropoutTorch.Dropouts;

/// <summary>Products with a mask at rate p, scaled by 1/(1−p).</summary>
internal static class ScaledMask
{
    /// <summary>The factor of what is kept; for p = 1, where nothing is, 0 in place of infinity.</summary>
    /// <param name="p">In [0, 1].</param>
    public static double Scale(double p) => Check.Share(p) == 1 ? 0 : 1 / (1 - p);

    /// <summary>m·x / (1−p).</summary>
    /// <param name="values">x, floating.</param>
    /// <param name="mask">m, Bool, of a shape that spreads over that of x.</param>
    /// <param name="p">In [0, 1].</param>
    /// <returns>A new tensor of x's shape and dtype.</returns>
    public static Tensor Apply(Tensor values, Tensor mask, double p)
    {
        using var scope = NewDisposeScope();
        return values.mul(Factors(mask, p, values.dtype)).MoveToOuterDisposeScope();
    }

    /// <summary>m / (1−p): the mask is scaled, not the product, which would be one more pass over the values.</summary>
    public static Tensor Factors(Tensor mask, double p, ScalarType dtype) => mask.to(dtype).mul_(Scalars.Of(Scale(p)));
}

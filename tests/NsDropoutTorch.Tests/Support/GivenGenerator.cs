using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Support;

/// <summary>What holds of every draw that is given a generator.</summary>
internal static class GivenGenerator
{
    /// <summary>Two generators of one seed give the same draw, and torch's own is left as it was.</summary>
    /// <param name="draw">The draw.</param>
    public static void IsDrawnFromAlone(Func<Generator, Tensor> draw)
    {
        using var scope = NewDisposeScope();
        using var one = new Generator(5, CPU);
        using var same = new Generator(5, CPU);
        manual_seed(1);
        var following = rand(3);
        manual_seed(1);
        Assert.True(Data.SameBits(draw(one), draw(same)));
        Assert.True(Data.SameBits(following, rand(3)));
    }
}

using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Benchmarks;

/// <summary>
/// Forward and backward of NSDropout with a filled cache, of ordinary dropout, and of the floor: one multiplication by a mask that is
/// already there, which no dropout can beat.
/// </summary>
internal static class LayerContest
{
    public const string Floor = "x.mul(mask)";
    public const string Dropout = "Dropout";
    public const string NSDropout = "NSDropout";

    public static IReadOnlyDictionary<string, double> Run(long rows, long features, long classes = 10, double p = 0.2, long cacheRows = 600)
    {
        using var scope = NewDisposeScope();
        var input = rand([rows, features]).requires_grad_();
        var gradient = ones([rows, features]);
        var labels = randint(0, classes, [rows]);
        var mask = rand([rows, features]).bernoulli_(1 - p).mul_(1 / (1 - p));
        using var dropout = nn.Dropout(p);
        using var nsdropout = nn.NSDropout(features, classes, p);
        nsdropout.CacheValidation(rand([cacheRows, features]), randint(0, classes, [cacheRows]));

        return new Contest()
            .Add(Floor, () => Backward(input.mul(mask)))
            .Add(Dropout, () => Backward(dropout.call(input)))
            .Add(NSDropout, () => Backward(nsdropout.forward(input, labels)))
            .Run();

        void Backward(Tensor output)
        {
            output.backward([gradient]);
            input.grad = null;
        }
    }
}

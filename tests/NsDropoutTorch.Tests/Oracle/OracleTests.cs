using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Oracle;

/// <summary>The layer against plain loops, on several hundred random problems each.</summary>
public class OracleTests
{
    [Theory]
    [InlineData(false, false, true)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    [InlineData(false, false, false)]
    public void Train_RandomCases_AgreeWithTheOracleOverTwoSteps(bool absolute, bool keepLargest, bool byCount) => RandomCase.Check(c =>
    {
        using var scope = NewDisposeScope();
        var (x, y, xv, yv) = c.Draw();
        var (x2, y2, _, _) = (c with { Seed = c.Seed / 2 }).Draw();
        var options = new NSDropoutOptions { AbsoluteGap = absolute, KeepLargest = keepLargest, ScaleByCount = byCount };
        using var layer = torch.nn.NSDropout(c.Features, c.Classes, c.P, options);
        layer.CacheValidation(Data.Matrix(xv), tensor(yv));

        var masks = SlowNSDropout.Masks(x, y, xv, yv, c.Classes, c.P, null, absolute, keepLargest);
        var (output, gradient) = Step(layer, x, y);
        var first = Agrees(masks, x, y, output, gradient);

        masks = SlowNSDropout.Masks(x2, y2, xv, yv, c.Classes, c.P, masks, absolute, keepLargest);
        (output, gradient) = Step(layer, x2, y2);
        return first && Agrees(masks, x2, y2, output, gradient) && Layers.Masks(layer).Zip(masks).All(pair => pair.First.SequenceEqual(pair.Second));

        bool Agrees(bool[][] expected, double[,] input, long[] labels, Tensor actual, Tensor grad)
        {
            var scales = byCount ? SlowNSDropout.CountScales(expected) : [.. expected.Select(_ => 1 / (1 - c.P))];
            return Close(SlowNSDropout.Multiply(input, labels, expected, scales), actual)
                && Close(SlowNSDropout.Multiply(Ones(input), labels, expected, scales), grad);
        }
    });

    [Fact]
    public void Capture_RandomSplitsIntoBatches_GiveTheOraclesMeans() => RandomCase.Check(c =>
    {
        using var scope = NewDisposeScope();
        var (_, _, xv, yv) = c.Draw();
        using var layer = torch.nn.NSDropout(c.Features, c.Classes, c.P);
        layer.eval();
        var (rows, labels, random) = (Data.Matrix(xv), tensor(yv), new Random(c.Seed));
        Layers.Capture(layer, () =>
        {
            for (var start = 0; start < c.ValidationRows;)
            {
                var end = Math.Min(c.ValidationRows, start + random.Next(1, 12));
                var batch = TensorIndex.Slice(start, end);
                using (LabelScope.Use(labels[batch])) layer.call(rows[batch]);
                start = end;
            }
        });

        var means = Enumerable.Range(0, c.Classes).Select(k => (mean: SlowNSDropout.ClassMean(xv, yv, k, out var n), n)).ToArray();
        var actual = Data.Values(layer.validation_means);
        return means.SelectMany(m => m.mean).Zip(actual).All(pair => Math.Abs(pair.First - pair.Second) < 1e-13)
            && means.Select(m => (long)m.n).SequenceEqual(Data.Integers(layer.validation_counts));
    });

    private static (Tensor output, Tensor gradient) Step(NSDropout layer, double[,] x, long[] y)
    {
        var input = Data.Matrix(x).requires_grad_();
        var output = layer.forward(input, tensor(y));
        output.sum().backward();
        return (output, input.grad!);
    }

    private static double[,] Ones(double[,] like)
    {
        var ones = new double[like.GetLength(0), like.GetLength(1)];
        for (var i = 0; i < ones.GetLength(0); i++)
        {
            for (var j = 0; j < ones.GetLength(1); j++)
                ones[i, j] = 1;
        }

        return ones;
    }

    private static bool Close(double[,] expected, Tensor actual) =>
        Data.Flat(expected).Zip(Data.Values(actual)).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-12 * (1 + Math.Abs(pair.First)));
}

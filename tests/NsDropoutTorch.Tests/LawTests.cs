using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

/// <summary>What must hold for every input, on several hundred random problems each.</summary>
public class LawTests
{
    [Fact]
    public void DropCount_IsExactInEveryClassThatHasBothMeans() => RandomCase.Check(c =>
    {
        using var scope = NewDisposeScope();
        var (x, y, xv, yv) = c.Draw();
        var k = NSDropoutMath.DropCount(c.P, c.Features);
        return Masks(c, x, y, xv, yv)
            .Select((mask, klass) => (dropped: mask.Count(keep => !keep), known: y.Contains(klass) && yv.Contains(klass)))
            .All(m => m.dropped == (m.known ? k : 0));
    });

    [Fact]
    public void Masks_DoNotDependOnTheOrderOfSamples() => RandomCase.Check(c =>
    {
        using var scope = NewDisposeScope();
        // On a grid of 2⁻¹⁰ all sums are exact, so that their order cannot matter.
        var (x, y, xv, yv) = OnGrid(c);
        var order = Enumerable.Range(0, c.Rows).ToArray();
        new Random(c.Seed).Shuffle(order);
        var shuffled = new double[c.Rows, c.Features];
        for (var i = 0; i < c.Rows; i++)
        {
            for (var j = 0; j < c.Features; j++)
                shuffled[i, j] = x[order[i], j];
        }

        return Same(Masks(c, x, y, xv, yv), Masks(c, shuffled, [.. order.Select(i => y[i])], xv, yv));
    });

    [Fact]
    public void Masks_OfOtherClasses_DoNotChangeWithTheRowsOfOne() => RandomCase.Check(c =>
    {
        using var scope = NewDisposeScope();
        var (x, y, xv, yv) = c.Draw();
        var before = Masks(c, x, y, xv, yv);
        for (var i = 0; i < c.Rows; i++)
        {
            for (var j = 0; j < c.Features && y[i] == 0; j++)
                x[i, j] = 100 - (3 * x[i, j]);
        }

        return Same(before[1..], Masks(c, x, y, xv, yv)[1..]);
    });

    [Fact]
    public void Mask_DoesNotChange_WhenAConstantIsAddedToAllValidationActivationsOfItsClass() => RandomCase.Check(c =>
    {
        using var scope = NewDisposeScope();
        var (x, y, xv, yv) = c.Draw();
        var before = Masks(c, x, y, xv, yv);
        for (var i = 0; i < c.ValidationRows; i++)
        {
            for (var j = 0; j < c.Features && yv[i] == 0; j++)
                xv[i, j] += 32;
        }

        return Same(before, Masks(c, x, y, xv, yv));
    });

    [Fact]
    public void Masks_DoNotChange_WhenBothActivationsAreScaledByAPositiveConstant() => RandomCase.Check(c =>
    {
        using var scope = NewDisposeScope();
        var (x, y, xv, yv) = c.Draw();
        // A power of two scales without rounding.
        return Same(Masks(c, x, y, xv, yv), Masks(c, Scaled(x, 4), y, Scaled(xv, 4), yv));
    });

    [Fact]
    public void KeepLargest_OfTheNegatedGap_IsDropLargest() => RandomCase.Check(c =>
    {
        using var scope = NewDisposeScope();
        var gap = Data.Matrix(Data.Normal(new Random(c.Seed), c.Classes, c.Features));
        var k = NSDropoutMath.DropCount(c.P, c.Features);
        return Data.SameBits(NSDropoutMath.DropMask(gap, k), NSDropoutMath.DropMask(gap.neg(), k, keepLargest: true));
    });

    [Fact]
    public void Gap_OfARowSetWithItself_IsZero() => RandomCase.Check(c =>
    {
        using var scope = NewDisposeScope();
        var (x, y, _, _) = c.Draw();
        var means = NSDropoutMath.ClassMeans(Data.Matrix(x), tensor(y), c.Classes);
        return Data.Values(NSDropoutMath.Gap(means, NSDropoutMath.ClassMeans(Data.Matrix(x), tensor(y), c.Classes))).All(gap => gap == 0);
    });

    private static (double[,] x, long[] y, double[,] xv, long[] yv) OnGrid(RandomCase c)
    {
        var (x, y, xv, yv) = c.Draw();
        return (Rounded(x), y, Rounded(xv), yv);
    }

    private static bool[][] Masks(RandomCase c, double[,] x, long[] y, double[,] xv, long[] yv)
    {
        using var layer = torch.nn.NSDropout(c.Features, c.Classes, c.P);
        layer.CacheValidation(Data.Matrix(xv), tensor(yv));
        layer.forward(Data.Matrix(x), tensor(y));
        return Layers.Masks(layer);
    }

    private static bool Same(bool[][] a, bool[][] b) => a.Zip(b).All(pair => pair.First.SequenceEqual(pair.Second));

    private static double[,] Rounded(double[,] values) => Map(values, v => Math.Round(v * 1024) / 1024);

    private static double[,] Scaled(double[,] values, double factor) => Map(values, v => v * factor);

    private static double[,] Map(double[,] values, Func<double, double> map)
    {
        var mapped = new double[values.GetLength(0), values.GetLength(1)];
        for (var i = 0; i < mapped.GetLength(0); i++)
        {
            for (var j = 0; j < mapped.GetLength(1); j++)
                mapped[i, j] = map(values[i, j]);
        }

        return mapped;
    }
}

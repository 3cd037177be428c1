using System.Globalization;
using System.Runtime.CompilerServices;
using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Tests.Oracle;
using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Dropouts;

public class FastDropoutTests
{
    private const double P = 0.3;
    private const int Threshold = 19_661;

    // One element below and above the size from which the mask is drawn again in backward, and sizes that fill no block.
    public static TheoryData<int> Lengths => [5, 4096, (int)HostMask.WithoutTensorFrom - 1, (int)HostMask.WithoutTensorFrom, 100_001];

    [Theory, MemberData(nameof(Lengths))]
    public void Train_OutputAndGradient_AreTheOracles(int length)
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.FastDropout(P);
        var x = Data.Normal(1, 1, length, ScalarType.Float32).requires_grad_();
        var gradient = Data.Normal(2, 1, length, ScalarType.Float32);
        var factors = Oracle(seed: 7, length);

        manual_seed(7);
        var output = layer.call(x);
        output.backward([gradient]);
        Assert.Equal(Products(x, factors), output.data<float>());
        Assert.Equal(Products(gradient, factors), x.grad!.data<float>());

        manual_seed(7);
        using (no_grad())
            Assert.True(Data.SameBits(output, layer.call(x)));
        manual_seed(7);
        Assert.True(Data.SameBits(output, layer.call(x.detach())));
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Train_SecondDerivative_IsTheOracles(int length)
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.FastDropout(P);
        var x = Data.Normal(1, 1, length, ScalarType.Float32).requires_grad_();
        manual_seed(7);
        // The derivatives of Σ(m·x)³ are 3m³x² and 6m³x.
        var first = autograd.grad([layer.call(x).pow(3).sum()], [x], retain_graph: true, create_graph: true)[0];
        first.sum().backward();
        var factors = Oracle(seed: 7, length);
        Data.AssertClose([.. Data.Values(x).Zip(factors, (v, m) => 3 * Math.Pow(m, 3) * v * v)], first, 1e-6, 1e-6);
        Data.AssertClose([.. Data.Values(x).Zip(factors, (v, m) => 6 * Math.Pow(m, 3) * v)], x.grad!, 1e-6, 1e-6);
    }

    [Fact]
    public void Train_StridedInputAndGradient_EqualTheContiguousOnes()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.FastDropout(P);
        var x = Data.Normal(1, 300, 301, ScalarType.Float32).requires_grad_();
        var transposed = x.detach().t().contiguous().t().requires_grad_();
        var gradient = Data.Normal(2, 301, 300, ScalarType.Float32).t();
        Assert.False(transposed.is_contiguous() || gradient.is_contiguous());
        foreach (var input in new[] { x, transposed })
        {
            manual_seed(7);
            layer.call(input).backward([gradient]);
        }

        Assert.True(Data.SameBits(x.grad!, transposed.grad!));
        Assert.Equal(Products(gradient.contiguous(), Oracle(seed: 7, 90_300)), x.grad!.contiguous().data<float>());
        manual_seed(7);
        layer.call(x).sum().backward(); // Its gradient has stride 0.
        Data.AssertClose([.. Oracle(seed: 7, 90_300).Zip(Products(gradient.contiguous(), Oracle(seed: 7, 90_300)), (m, g) => (double)(m + g))], x.grad!, 1e-6);
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64)]
    public void Train_OtherTypes_DropAndScaleExactly(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.FastDropout(0.75);
        manual_seed(1);
        var x = ones([300, 200], dtype, requires_grad: true);
        var output = layer.call(x);
        output.sum().backward();
        Assert.True(Data.SameBits(output, x.grad!));
        Assert.All(Data.Values(output), value => Assert.True(value is 0 or 4));
        // Three and a half standard deviations of a mean over 60,000 draws.
        Assert.Equal(0.25, Data.Values(output).Count(value => value == 4) / 60_000.0, 0.0062);
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Train_PIsOne_GivesZerosAndZeroGradients(int length)
    {
        using var scope = NewDisposeScope();
        foreach (var layer in new DropoutModule[] { torch.nn.FastDropout(1), torch.nn.FastDropout2d(1), torch.nn.FastDropout(1, inplace: true) })
        {
            var x = ones([1, length], requires_grad: true);
            var output = layer.call(x.mul(3));
            output.sum().backward();
            Assert.All(Data.Values(output).Concat(Data.Values(x.grad!)), value => Assert.Equal(0, value));
            Assert.Equal(length, output.numel());
            layer.Dispose();
        }
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void Train_NothingRandom_DrawsNothing(bool inplace, double p)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var following = rand(3);
        manual_seed(1);
        using var layer = torch.nn.FastDropout(p, inplace);
        layer.call(ones(5));
        Assert.True(Data.SameBits(following, rand(3)));
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Train_DroppedNaN_StaysNaN(int length)
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.FastDropout(0.9);
        Assert.All(Data.Values(layer.call(full(length, double.NaN, ScalarType.Float32))), value => Assert.True(double.IsNaN(value)));
    }

    [Theory]
    [InlineData(4096, false)]
    [InlineData(100_000, false)]
    [InlineData(4096, true)]
    public void Train_InPlace_ChangesTheInputAndGivesTheSameGradient(int length, bool channels)
    {
        using var scope = NewDisposeScope();
        using DropoutModule inPlace = channels ? torch.nn.FastDropout2d(P, inplace: true) : torch.nn.FastDropout(P, inplace: true);
        using DropoutModule apart = channels ? torch.nn.FastDropout2d(P) : torch.nn.FastDropout(P);
        var results = new[] { inPlace, apart }.Select(layer =>
        {
            var x = Data.Normal(1, 10, length / 10, ScalarType.Float32).requires_grad_();
            var hidden = x.mul(2);
            manual_seed(7);
            var output = layer.call(hidden);
            Assert.Equal(layer == inPlace, Data.SameBits(hidden, output));
            output.pow(2).sum().backward();
            return (output, x.grad!);
        }).ToList();
        Assert.True(Data.SameBits(results[0].output, results[1].output));
        Assert.True(Data.SameBits(results[0].Item2, results[1].Item2));
        inPlace.eval();
        var kept = ones(5, 1);
        Assert.True(Data.SameBits(kept, inPlace.call(kept)));
    }

    [Fact]
    public void Hooks_SeeInputAndOutput()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.FastDropout(P);
        Tensor? seen = null;
        layer.register_forward_hook((_, _, output) => seen = output);
        var result = layer.call(ones(100_000, requires_grad: true));
        Assert.Same(result, seen);
    }

    [Fact]
    public void RngState_RestoredBetweenCalls_GivesTheSameMasksAgain()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.FastDropout(P);
        using var another = torch.nn.FastDropout(P);
        var x = ones(100_000, requires_grad: true);
        layer.call(x);
        var state = get_rng_state();
        var first = new[] { layer.call(x), another.call(x), layer.call(x) };
        set_rng_state(state);
        Assert.All(first, output => Assert.True(Data.SameBits(output, layer.call(x))));
        Assert.False(Data.SameBits(first[0], first[1]) || Data.SameBits(first[0], first[2]) || Data.SameBits(first[1], first[2]));
    }

    [Fact]
    public void Apply_GivenGenerator_DrawsFromItAlone()
    {
        using var scope = NewDisposeScope();
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            var x = ones([30, 40], dtype);
            GivenGenerator.IsDrawnFromAlone(generator => FastDropoutMath.Apply(x, 0.5, generator: generator));
            GivenGenerator.IsDrawnFromAlone(generator => FastDropoutMath.ApplyToChannels(x, 0.5, generator: generator));
        }
    }

    [Theory]
    [InlineData(-0.1, "-0.1")]
    [InlineData(1.1, "1.1")]
    public void Functions_InvalidP_SayTheRule(double p, string received)
    {
        using var x = ones(3, 4);
        foreach (var call in new Action[] { () => FastDropoutMath.Rate(p), () => FastDropoutMath.Apply(x, p), () => FastDropoutMath.ApplyToChannels(x, p) })
            Assert.StartsWith($"p must be in [0, 1], but got {received}.", Assert.Throws<ArgumentOutOfRangeException>(call).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 0.5)]
    [InlineData(P, Threshold / 65_536.0)]
    [InlineData(1 - 1e-9, 65_535 / 65_536.0)]
    [InlineData(1, 1)]
    public void Rate_IsPToTheNearestDraw(double p, double expected) => Assert.Equal(expected, FastDropoutMath.Rate(p));

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void FastDropout2d_EveryChannelIsWholeOrGone(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var layer = torch.nn.FastDropout2d(0.75);
        var x = ones([50, 80, 3, 2], dtype, requires_grad: true);
        var output = layer.call(x);
        output.sum().backward();
        Assert.True(Data.SameBits(output, x.grad!));
        var channels = Data.Values(output).Chunk(6).ToList();
        Assert.All(channels, channel => Assert.True(channel.All(v => v == 0) || channel.All(v => v == 4)));
        // Five standard deviations of a mean over 4,000 draws.
        Assert.InRange(channels.Count(channel => channel[0] == 0) / 4000.0, 0.75 - 0.0343, 0.75 + 0.0343);
    }

    [Fact]
    public void Graph_OnceItIsFreed_HoldsNothing()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var masks = Enumerable.Range(0, 20).Select(i => Differentiated(i, backward: i % 2 == 0)).ToList();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.All(masks, mask => Assert.False(mask.IsAlive));
        // The last gradient, until the next call.
        Assert.InRange(DisposeScopeManager.Statistics.ThreadTotalLiveCount - before, 0, 1);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Differentiated(int seed, bool backward)
        {
            var mask = new DrawnMask((ulong)seed, Threshold);
            using var x = ones(100, requires_grad: true);
            using var output = mask.Multiply(x);
            using var sum = output.sum();
            if (backward) sum.backward();
            x.grad?.Dispose();
            return new WeakReference(mask);
        }
    }

    /// <summary>
    /// Forward and backward on 40 MiB, which glibc takes from the system and gives back at once: at its peak dropout has mask, output and gradient, fast dropout output and gradient.
    /// </summary>
    [LinuxFact]
    public void Step_AtItsPeak_TakesLessThanDropoutByTheMask()
    {
        using var scope = NewDisposeScope();
        var (x, gradient) = (ones([10_240, 1024], requires_grad: true), ones(10_240, 1024));
        using var fast = torch.nn.FastDropout(0.1);
        using var plain = torch.nn.Dropout(0.1);
        Assert.InRange(Peak(plain), 115, 135);
        Assert.InRange(Peak(fast), 75, 95);

        double Peak(nn.Module<Tensor, Tensor> layer)
        {
            File.WriteAllText("/proc/self/clear_refs", "5"); // The peak is what is resident now.
            var before = Resident();
            using (var output = layer.call(x))
                output.backward([gradient]);
            x.grad = null;
            return (Resident() - before) / 1024;
        }

        static double Resident() =>
            double.Parse(File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
    }

    private static float[] Oracle(long seed, int length)
    {
        manual_seed(seed);
        return SlowMaskBits.Factors(MaskBits.Seed(null), Threshold, length);
    }

    private static float[] Products(Tensor x, float[] factors) => [.. x.detach().reshape(-1).data<float>().Zip(factors, (v, m) => v * m)];
}

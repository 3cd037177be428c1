using NsDropoutTorch.Training.TensorBoard;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests.TensorBoard;

public sealed class HistogramTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        folder.Dispose();
        scope.Dispose();
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Int64)]
    public void Histogram_Elements_AreCountedInThirtyEqualIntervals(ScalarType dtype)
    {
        using var generator = new Generator(3, CPU);
        var values = (100 * randn([40, 25], generator: generator)).to(dtype);
        var elements = values.to(ScalarType.Float64).data<double>().ToArray();

        var histogram = Write(values);

        var (min, max) = (elements.Min(), elements.Max());
        Assert.Equal((min, max, 1_000), (histogram.Double(1), histogram.Double(2), histogram.Double(3)));
        Assert.Equal(elements.Sum(), histogram.Double(4), 1e-6);
        Assert.Equal(elements.Sum(x => x * x), histogram.Double(5), 1e-3);
        var (limits, counts) = (histogram.Doubles(6), histogram.Doubles(7));
        Assert.Equal(Enumerable.Range(1, 30).Select(i => min + (i * (max - min) / 30)), limits, new Close(1e-9));
        // An element on a limit belongs to either side, by the last bit of a division.
        Assert.Equal(1_000, counts.Sum());
        var below = 0.0;
        foreach (var (limit, count) in limits.Zip(counts))
        {
            below += count;
            Assert.InRange(below, elements.Count(x => x < limit - 1e-9), elements.Count(x => x <= limit + 1e-9));
        }
    }

    [Fact]
    public void Histogram_KnownElements_FallWhereTheyShould()
    {
        var counts = Write(tensor(new float[] { 0, 1, 1.5f, 29, 29.5f, 30 })).Doubles(7);

        Assert.Equal((1, 2, 3), (counts[0], counts[1], counts[29]));
        Assert.Equal(6, counts.Sum());
    }

    [Fact]
    public void Histogram_OneValue_IsOneInterval()
    {
        var histogram = Write(full([2, 3], 0.25));

        Assert.Equal(([0.25], [6]), (histogram.Doubles(6), histogram.Doubles(7)), (one, other) => one.Item1.SequenceEqual(other.Item1) && one.Item2.SequenceEqual(other.Item2));
    }

    [Fact]
    public void Histogram_NaNAndInfinity_AreLeftOut()
    {
        var histogram = Write(tensor(new[] { float.NaN, 1, float.PositiveInfinity, 2, float.NegativeInfinity }));

        Assert.Equal((1, 2, 2, 2), (histogram.Double(1), histogram.Double(2), histogram.Double(3), histogram.Doubles(7).Sum()));
    }

    [Fact]
    public void Histogram_NothingFinite_IsEmpty()
    {
        Assert.Empty(Write(tensor(new[] { float.NaN })).Doubles(7));
        Assert.Empty(Write(zeros(0)).Doubles(7));
    }

    private WireMessage Write(Tensor values)
    {
        using var writer = new EventWriter(folder.Root);
        writer.Histogram("weights", values, 1);
        writer.Flush();
        return EventFile.Value(EventFile.Read(writer.Path), "weights").Message(5);
    }

    private sealed class Close(double tolerance) : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= tolerance;

        public int GetHashCode(double obj) => 0;
    }
}

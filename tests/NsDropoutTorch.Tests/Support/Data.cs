using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Support;

/// <summary>Plain arrays and tensors, one into the other.</summary>
internal static class Data
{
    public static double[,] Normal(Random random, int rows, int columns)
    {
        var values = new double[rows, columns];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
                values[i, j] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        }

        return values;
    }

    public static long[] Labels(Random random, int count, int numClasses) =>
        [.. Enumerable.Range(0, count).Select(_ => (long)random.Next(numClasses))];

    public static Tensor Matrix(double[,] values, ScalarType dtype = ScalarType.Float64) => tensor(values).to(dtype);

    public static Tensor Normal(int seed, long rows, long columns, ScalarType dtype = ScalarType.Float64) =>
        Matrix(Normal(new Random(seed), (int)rows, (int)columns), dtype);

    public static Tensor Labels(int seed, long count, long numClasses) => tensor(Labels(new Random(seed), (int)count, (int)numClasses));

    public static double[] Values(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float64).reshape(-1).data<double>().ToArray();
    }

    public static long[] Integers(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Int64).reshape(-1).data<long>().ToArray();
    }

    public static double[] Flat(double[,] values) => [.. values.Cast<double>()];

    public static bool SameBits(Tensor a, Tensor b) =>
        a.dtype == b.dtype && a.shape.SequenceEqual(b.shape) && Values(a).SequenceEqual(Values(b));

    public static void AssertClose(double[] expected, Tensor actual, double absolute, double relative = 0)
    {
        var values = Values(actual);
        Assert.Equal(expected.Length, values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            var allowed = absolute + (relative * Math.Abs(expected[i]));
            Assert.True(Math.Abs(expected[i] - values[i]) <= allowed, $"element {i}: expected {expected[i]:R}, but got {values[i]:R}.");
        }
    }
}

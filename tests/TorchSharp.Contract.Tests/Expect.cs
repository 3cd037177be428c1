using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests;

/// <summary>Assertions on a tensor: its shape, its type (<c>data</c> refuses any other) and its elements, all at once.</summary>
internal static class Expect
{
    internal static void Scalar<T>(T expected, Tensor actual)
        where T : unmanaged
    {
        Assert.Equal(Array.Empty<long>(), actual.shape);
        Assert.Equal(expected, actual.item<T>());
    }

    internal static void Equal<T>(T[] expected, Tensor actual)
        where T : unmanaged => Same<T>(expected, actual);

    internal static void Equal<T>(T[,] expected, Tensor actual)
        where T : unmanaged => Same<T>(expected, actual);

    internal static void Equal<T>(T[,,] expected, Tensor actual)
        where T : unmanaged => Same<T>(expected, actual);

    internal static void Equal<T>(T[,,,] expected, Tensor actual)
        where T : unmanaged => Same<T>(expected, actual);

    /// <summary>Compares as doubles; the tolerance is absolute.</summary>
    internal static void Near(IReadOnlyList<double> expected, Tensor actual, double tolerance)
    {
        using var exact = actual.detach().to(ScalarType.Float64);
        var elements = exact.data<double>().ToArray();
        Assert.Equal(expected.Count, elements.Length);
        for (var i = 0; i < elements.Length; i++)
        {
            Assert.True(
                Math.Abs(expected[i] - elements[i]) <= tolerance,
                $"element {i} must be within {tolerance} of {expected[i]}, but got {elements[i]}");
        }
    }

    internal static void Near(double expected, Tensor actual, double tolerance) => Near([expected], actual, tolerance);

    /// <summary>libtorch's first line is the contract; a trace may follow it.</summary>
    internal static void NativeError(string words, Action action)
    {
        var error = Assert.Throws<ExternalException>(action);
        Assert.Contains(words, error.Message.Split('\n')[0], StringComparison.Ordinal);
    }

    internal static void NativeError(string words, Func<object?> action) => NativeError(words, () => { _ = action(); });

    private static void Same<T>(Array expected, Tensor actual)
        where T : unmanaged
    {
        Assert.Equal(Enumerable.Range(0, expected.Rank).Select(expected.GetLongLength), actual.shape);
        Assert.Equal(expected.Cast<T>(), actual.data<T>().ToArray());
    }
}

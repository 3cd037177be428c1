using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Support;

/// <summary>A CUDA device that has much to do, by which one sees what waits for it.</summary>
internal static class BusyDevice
{
    /// <summary>Work is put in the device's queue and the host goes on: it is through while the device still multiplies the matrices that were there first.</summary>
    /// <param name="work">What may not read from the device.</param>
    public static void AssertNotWaitedFor(Action work)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var matrix = ones(8192, 8192, device: CUDA);
        Multiply(1);

        // The first times wait: code is loaded, and memory is asked of the driver.
        for (var i = 0; i < 3; i++) Work();
        cuda.synchronize();

        var clock = Stopwatch.StartNew();
        Multiply(40);
        Work();
        var host = clock.Elapsed;
        cuda.synchronize();
        var device = clock.Elapsed;
        Assert.True(host < device / 2, Invariant($"the host went on after {host.TotalMilliseconds:F0} ms, the device was through after {device.TotalMilliseconds:F0} ms"));

        void Multiply(int times)
        {
            for (var i = 0; i < times; i++) matrix.mm(matrix).Dispose();
        }

        void Work()
        {
            using var inner = NewDisposeScope();
            using var gradients = enable_grad();
            work();
        }
    }
}

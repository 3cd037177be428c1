using System.Diagnostics;
using static TorchSharp.torch;

namespace TorchSharp.SystemLibTorch.Tests;

/// <summary>A wrapper that nothing names any more may be collected, but not while native code still reads what it owns.</summary>
public sealed class GarbageCollectionTests
{
    public static TheoryData<string, Func<object>, object> Reads => new()
    {
        { "shape", () => string.Join('x', ones(3, 5, 7).shape), "3x5x7" },
        { "item", () => full(1, 3f).item<float>(), 3f },
        { "data", () => full(64, 3f).data<float>().ToArray().Sum(), 192f },
        { "operator", () => (ones(64) + 1).sum().ToDouble(), 128.0 },
    };

    [Theory]
    [MemberData(nameof(Reads), DisableDiscoveryEnumeration = true)]
    public void Read_OfATemporary_WhileTheCollectorRuns_IsRight(string name, Func<object> read, object expected)
    {
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        var wrong = 0;
        var clock = Stopwatch.StartNew();
        while (clock.ElapsedMilliseconds < 1000)
        {
            if (!expected.Equals(read())) wrong++;
        }

        stop.Cancel();
        collector.Join();
        Assert.True(wrong == 0, $"{name} was wrong {wrong} times");
    }
}

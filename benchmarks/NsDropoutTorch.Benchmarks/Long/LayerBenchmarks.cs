using NsDropoutTorch.Benchmarks.Contestants;
using BenchmarkDotNet.Attributes;

namespace NsDropoutTorch.Benchmarks.Long;

/// <summary>BenchmarkDotNet's view of the layers: distributions and allocations, where the quick mode has ratios of minima.</summary>
[MemoryDiagnoser]
public class LayerBenchmarks : IDisposable
{
    private LayerBench? _bench;
    private Threads? _threads;

    /// <summary>Shape of the activations.</summary>
    [Params("32x128", "256x1024", "8000x128", "128x64x28x28")]
    public string Shape { get; set; } = "";

    /// <summary>Whether all cores are used, or one.</summary>
    [Params(false, true)]
    public bool AllThreads { get; set; }

    /// <summary>Makes the activations and fills the cache.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _threads = Threads.Use(AllThreads ? Environment.ProcessorCount : 1);
        _bench = new([.. Shape.Split('x').Select(long.Parse)]);
    }

    /// <summary>Frees them.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _bench?.Dispose();
        _threads?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The floor.</summary>
    [Benchmark(Baseline = true)]
    public void Floor() => Step(Bench.Floor);

    /// <summary>Ordinary dropout.</summary>
    [Benchmark]
    public void Dropout() => Step(Bench.Dropout);

    /// <summary>The layer.</summary>
    [Benchmark]
    public void NSDropout() => Step(Bench.NSDropout);

    /// <summary>The same tensor calls, class by class.</summary>
    [Benchmark]
    public void LoopOverClasses() => Step(Bench.ByClass);

    /// <summary>The reference's loops.</summary>
    [Benchmark]
    public void PlainLoops() => Bench.PlainLoopsBackward();

    private LayerBench Bench => _bench!;

    private void Step(Func<TorchSharp.torch.Tensor> forward)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        Bench.Backward(forward);
    }
}

using BenchmarkDotNet.Attributes;
using NsDropoutTorch.Training.TensorBoard;
using TorchSharp;
using TorchSharp.Modules;

namespace NsDropoutTorch.Benchmarks.Long;

/// <summary>What a scalar for TensorBoard costs, beside TorchSharp's own writer.</summary>
[MemoryDiagnoser]
[InvocationCount(8192)]
public class EventBenchmarks : IDisposable
{
    private string? _folder;
    private EventWriter? _events;
    private SummaryWriter? _summaries;

    /// <summary>Begins the files.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _folder = Directory.CreateTempSubdirectory().FullName;
        _events = new(Path.Combine(_folder, "events"));
        _summaries = torch.utils.tensorboard.SummaryWriter(Path.Combine(_folder, "summaries"));
    }

    /// <summary>Removes them.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _events?.Dispose();
        Directory.Delete(_folder!, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>TorchSharp's writer.</summary>
    [Benchmark(Baseline = true)]
    public void SummaryWriter() => _summaries!.add_scalar("loss/train", 0.5f, 1);

    /// <summary>Ours.</summary>
    [Benchmark]
    public void EventWriter() => _events!.Scalar("loss/train", 0.5, 1);
}

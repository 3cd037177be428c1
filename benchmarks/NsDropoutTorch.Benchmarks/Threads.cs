using TorchSharp;

namespace NsDropoutTorch.Benchmarks;

/// <summary>Sets the number of libtorch's threads until it is disposed.</summary>
internal sealed class Threads : IDisposable
{
    private readonly int _before = torch.get_num_threads();

    private Threads(int count) => torch.set_num_threads(count);

    /// <summary>One thread, and all where there are more.</summary>
    public static int[] Counts { get; } = [.. new[] { 1, Environment.ProcessorCount }.Distinct()];

    public static Threads Use(int count) => new(count);

    public void Dispose() => torch.set_num_threads(_before);
}

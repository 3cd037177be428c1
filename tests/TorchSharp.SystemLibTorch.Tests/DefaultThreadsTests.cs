namespace TorchSharp.SystemLibTorch.Tests;

public sealed class DefaultThreadsTests
{
    [Fact]
    public void NumberOfThreads_ByDefault_IsOnePerCoreOrWhatTheEnvironmentSays()
    {
        var expected = int.TryParse(Environment.GetEnvironmentVariable("OMP_NUM_THREADS"), out var chosen) ? chosen : Environment.ProcessorCount;

        Assert.Equal(expected, torch.get_num_threads());
    }
}

namespace TorchSharp.SystemLibTorch.Tests;

public sealed class DefaultThreadsTests
{
    [Fact]
    public void NumberOfThreads_ByDefault_IsOnePerCoreOrWhatTheEnvironmentSays()
    {
        var expected = int.TryParse(Environment.GetEnvironmentVariable("OMP_NUM_THREADS"), out var chosen) ? chosen : Environment.ProcessorCount;

        Assert.Equal(expected, torch.get_num_threads());
    }

    [Fact]
    public void NumberOfThreads_OnceSet_StaysWhenOtherFunctionsAreCalledForTheFirstTime()
    {
        var before = torch.get_num_threads();
        try
        {
            torch.set_num_threads(1);
            using var x = torch.rand(2, 2, requires_grad: true);
            x.sum().backward();
            torch.cuda.is_available();

            Assert.Equal(1, torch.get_num_threads());
        }
        finally
        {
            torch.set_num_threads(before);
        }
    }
}

using NsDropoutTorch.Docs.Tests.Support;
using NsDropoutTorch.Training;
using TorchSharp;

namespace NsDropoutTorch.Docs.Tests.Examples;

/// <summary>The example for GPUs runs wherever its device is, the CPU among them.</summary>
public sealed class GpuTrainingTests
{
    public static TheoryData<string> Devices() => torch.cuda.is_available() ? ["cpu", "cuda"] : ["cpu"];

    [Theory, MemberData(nameof(Devices))]
    public void GpuTraining_Device_PrintsThroughputOfBothPlaces(string device)
    {
        var lines = ExampleProgram.Run("GpuTraining", device, "1").ReplaceLineEndings("\n").Split('\n');

        Assert.StartsWith($"device {device}", lines[0], StringComparison.Ordinal);
        Assert.Matches("^training data on the device: [0-9,]+ samples a second, test error [0-9.]+ %$", lines[1]);
        Assert.Matches("^training data in host memory: [0-9,]+ samples a second, test error [0-9.]+ %$", lines[2]);
    }

    [Fact]
    public void GpuTraining_UnknownDevice_SaysWhichThereAre()
    {
        var (exitCode, _, error) = ExampleProgram.Invoke("GpuTraining", "gpu");

        Assert.Equal(1, exitCode);
        Assert.Equal("device must be auto, cpu, cuda or cuda:N, but got 'gpu'.", error.Trim());
    }
}

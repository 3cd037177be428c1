using TorchSharp;

namespace NsDropoutTorch.Training.Tests;

public sealed class DeviceChoiceTests
{
    [Fact]
    public void Resolve_Cpu_IsTheCpu() => Assert.Equal(DeviceType.CPU, DeviceChoice.Resolve("cpu").type);

    [Fact]
    public void Resolve_Auto_IsCudaWhereThereIsOne() =>
        Assert.Equal(torch.cuda.is_available() ? DeviceType.CUDA : DeviceType.CPU, DeviceChoice.Resolve("auto").type);

    [Fact]
    public void Resolve_CudaThatIsAbsent_SaysWhatIsThereAndTheRepair()
    {
        var e = Assert.Throws<NotSupportedException>(() => DeviceChoice.Resolve("cuda:99"));

        Assert.StartsWith("device cuda:99 must be one that libtorch sees, but it sees ", e.Message, StringComparison.Ordinal);
        Assert.EndsWith("; choose --device cpu, or install a CUDA build of libtorch and a driver.", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("CPU")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:x")]
    [InlineData("")]
    public void CheckName_Unknown_SaysTheRule(string name)
    {
        var e = Assert.Throws<ArgumentException>(() => DeviceChoice.CheckName(name));

        Assert.Equal($"device must be auto, cpu, cuda or cuda:N, but got '{name}'.", e.Message);
    }
}

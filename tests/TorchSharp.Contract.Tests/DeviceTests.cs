using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests;

public sealed class DeviceTests
{
    [Theory]
    [InlineData("cpu", DeviceType.CPU, -1, "cpu")]
    [InlineData("cuda", DeviceType.CUDA, -1, "cuda")]
    [InlineData("cuda:1", DeviceType.CUDA, 1, "cuda:1")]
    public void Description_NamesTypeAndIndex(string description, DeviceType type, int index, string text)
    {
        var device = new Device(description);
        Assert.Equal(type, device.type);
        Assert.Equal(index, device.index);
        Assert.Equal(text, device.ToString());
    }

    [Fact]
    public void Strings_ConvertToDevices()
    {
        Device device = "cpu";
        Assert.Equal(DeviceType.CPU, device.type);
        Assert.Equal(DeviceType.CPU, torch.device("cpu").type);
        Assert.Equal(DeviceType.CPU, torch.device(DeviceType.CPU).type);
    }

    [Fact]
    public void Device_OfATensor_IsWhereItIs()
    {
        using var x = zeros(1, device: CPU);
        Assert.Equal(DeviceType.CPU, x.device.type);
        Assert.Equal("cpu", x.device.ToString());
    }

    [Fact]
    public void Device_HasNoEqualityOperator()
    {
        Assert.Null(typeof(Device).GetMethod("op_Equality"));
        Assert.NotEqual(new Device("cpu"), new Device("cpu"));
    }
}

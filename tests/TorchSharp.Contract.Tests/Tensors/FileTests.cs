using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Tensors;

/// <summary>TorchSharp's own format: type, rank and sizes in LEB128, then the elements.</summary>
public sealed class FileTests : ContractTest
{
    [Theory]
    [InlineData(ScalarType.Float32, "060202010000803F00000040")]
    [InlineData(ScalarType.Int64, "0402020101000000000000000200000000000000")]
    [InlineData(ScalarType.Bool, "0B0202010101")]
    [InlineData(ScalarType.Float16, "05020201003C0040")]
    public void Save_OfEachType_WritesTheGoldenBytes(ScalarType type, string golden)
    {
        var x = tensor(new[,] { { 1f }, { 2 } }).to(type);
        Assert.Equal(golden, Convert.ToHexString(Saved(x)));
    }

    [Fact]
    public void Save_OfALongShape_WritesItsSizesInLeb128() =>
        Assert.Equal("0602AC0200", Convert.ToHexString(Saved(zeros(300, 0))));

    [Fact]
    public void Load_OfTheGoldenBytes_GivesTheTensor()
    {
        using var reader = new BinaryReader(new MemoryStream(Convert.FromHexString("060202010000803F00000040")));
        Expect.Equal(new[,] { { 1f }, { 2 } }, TensorExtensionMethods.Load(reader));
    }

    [Fact]
    public void Load_IntoATensor_FillsIt()
    {
        var x = zeros(2, 1);
        using var reader = new BinaryReader(new MemoryStream(Saved(tensor(new[,] { { 3f }, { 4 } }))));
        x.Load(reader);
        Expect.Equal(new[,] { { 3f }, { 4 } }, x);
    }

    [Fact]
    public void Load_IntoAnotherTypeOrShape_Throws()
    {
        var bytes = Saved(zeros(2, 1));
        Assert.Throws<ArgumentException>(() => zeros(2, 1, dtype: ScalarType.Float64).Load(new BinaryReader(new MemoryStream(bytes))));
        Assert.Throws<ArgumentException>(() => zeros(2, 2).Load(new BinaryReader(new MemoryStream(bytes))));
    }

    private static byte[] Saved(Tensor x)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        x.Save(writer);
        return stream.ToArray();
    }
}

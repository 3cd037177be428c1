using NsDropoutTorch.Data.Catalog;

namespace NsDropoutTorch.Data.Tests;

public class NearestNameTests
{
    [Theory]
    [InlineData("mnits", "mnist")]
    [InlineData("MNIST", "mnist")]
    [InlineData("fashion", "fashion-mnist")]
    [InlineData("cifar10", "cifar-10")]
    [InlineData("digits", "optdigits")]
    [InlineData("batches", "cifar-10-batches")]
    [InlineData("", "iris")]
    public void Of_MistypedDataset_IsTheOneMeant(string typed, string expected) => Assert.Equal(expected, NearestName.Of(typed, DatasetCatalog.Names));

    [Fact]
    public void Of_NoNames_Throws() => Assert.Throws<ArgumentException>(() => NearestName.Of("a", []));
}

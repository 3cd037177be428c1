namespace NsDropoutTorch.Data.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void PublicApi_IsTheOneThatWasReviewed() => PublicApi.AssertIsAsReviewed(typeof(TensorData).Assembly);
}

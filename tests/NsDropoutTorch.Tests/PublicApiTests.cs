namespace NsDropoutTorch.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void PublicApi_IsTheOneThatWasReviewed() => PublicApi.AssertIsAsReviewed(typeof(NSDropout).Assembly);
}

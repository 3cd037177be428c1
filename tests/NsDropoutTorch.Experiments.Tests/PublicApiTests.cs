namespace NsDropoutTorch.Experiments.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void PublicApi_IsTheOneThatWasReviewed() => PublicApi.AssertIsAsReviewed(typeof(Comparison).Assembly);
}

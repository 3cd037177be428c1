namespace NsDropoutTorch.Training.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void PublicApi_IsTheOneThatWasReviewed() => PublicApi.AssertIsAsReviewed(typeof(Trainer).Assembly);
}

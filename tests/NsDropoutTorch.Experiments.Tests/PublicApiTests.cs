namespace NsDropoutTorch.Experiments.Tests;

/// <summary>What the library offers is what was reviewed.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void PublicApi_IsTheOneThatWasReviewed()
    {
        using var stream = typeof(PublicApiTests).Assembly.GetManifestResourceStream("PublicApi.txt")!;
        using var reader = new StreamReader(stream);
        var actual = PublicApi.Of(typeof(Comparison).Assembly);
        // A change that is meant: take this file for PublicApi.txt.
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "PublicApi.actual.txt"), actual);
        Assert.Equal(reader.ReadToEnd(), actual, ignoreLineEndingDifferences: true);
    }
}

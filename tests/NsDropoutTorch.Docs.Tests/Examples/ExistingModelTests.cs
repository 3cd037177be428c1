using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Docs.Tests.Examples;

/// <summary>NSDropout goes into a training loop that has never heard of it with eight lines, as docs/training.md shows.</summary>
public sealed class ExistingModelTests
{
    private const string Before = "examples/ExistingModel/Before/Program.cs";
    private const string After = "examples/ExistingModel/After/Program.cs";

    [Fact]
    public void After_DiffersFromBefore_ByAtMostEightLines()
    {
        var diff = LineDiff.Of(Code(Before), Code(After));

        Assert.InRange(diff.Count(line => line[0] is not ' '), 1, 8);
        Assert.DoesNotContain(diff, line => line[0] is '-');
        Assert.Contains("+    nn.NSDropout(128, 10),", diff);
    }

    [Fact]
    public void Before_KnowsNothingOfThisProject() =>
        Assert.DoesNotContain("NsDropoutTorch", Repository.Read("examples/ExistingModel/Before/Before.csproj") + Code(Before), StringComparison.Ordinal);

    [Fact]
    public void Both_Run_AndTheLayerMakesADifference()
    {
        var (before, after) = (ExampleProgram.Run("Before"), ExampleProgram.Run("After"));

        Assert.All([before, after], output => Assert.Equal(5, output.Trim().Split('\n').Count(line => line.StartsWith("epoch ", StringComparison.Ordinal))));
        Assert.NotEqual(before, after);
    }

    [Fact]
    public void TrainingGuide_ShowsTheDifference() => Assert.Contains(
        $"```diff\n{string.Join('\n', LineDiff.Of(Region.Of(Before, "loop"), Region.Of(After, "loop")).Select(line => line.TrimEnd()))}\n```\n",
        Repository.Read("docs/training.md"),
        StringComparison.Ordinal);

    // The first line says what the file is.
    private static string Code(string path) => Repository.Read(path).Split('\n', 2)[1];
}

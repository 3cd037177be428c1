namespace NsDropoutTorch.Training.Tests.Checkpoints;

public sealed class CtrlCTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [LinuxFact]
    public void Press_Once_FinishesTheStepSavesSaysHowToGoOnAndReturns130()
    {
        using var child = new ChildProcess(folder.Root);
        Assert.True(child.WaitFor("10"));

        child.Interrupt();

        var (exitCode, error) = child.WaitForExit();
        Assert.Equal(130, exitCode);
        Assert.Matches("^training was cancelled after [0-9]+ epochs? and [0-5] steps?; set ResumeFrom to '", error);
        Assert.EndsWith($"; set ResumeFrom to '{folder.Root}' to go on from there.", error);
        Assert.Equal(Child.Run(Path.Combine(folder.Root, "whole"), []), Child.Run(folder.Root, []));
    }

    [LinuxFact]
    public void Press_Twice_EndsTheProcessAtOnce()
    {
        using var child = new ChildProcess(folder.Root, "hang");
        Assert.True(child.WaitFor("10"));
        child.Interrupt();
        Assert.True(child.WaitFor("hangs"));

        child.Interrupt();

        var (exitCode, _) = child.WaitForExit();
        Assert.Contains(exitCode, new[] { 130, 143 });
    }

    [Fact]
    public void Token_WithoutAPress_IsNotCancelled()
    {
        using var ctrlC = new CtrlC();

        Assert.False(ctrlC.Token.IsCancellationRequested);
        Assert.True(ctrlC.Token.CanBeCanceled);
    }

    public void Dispose() => folder.Dispose();
}

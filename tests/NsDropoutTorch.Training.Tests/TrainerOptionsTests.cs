namespace NsDropoutTorch.Training.Tests;

public sealed class TrainerOptionsTests
{
    [Fact]
    public void Epochs_Zero_SaysTheRule() =>
        AssertBroken("epochs must be at least 1, but got 0.", () => new TrainerOptions { Epochs = 0 });

    [Fact]
    public void BatchSize_Negative_SaysTheRule() =>
        AssertBroken("batch size must be at least 1, but got -5.", () => new TrainerOptions { BatchSize = -5 });

    [Fact]
    public void PieceBytes_Zero_SaysTheRule() =>
        AssertBroken("piece bytes must be at least 1, but got 0.", () => new TrainerOptions { PieceBytes = 0 });

    [Fact]
    public void Threads_Zero_SaysTheRule() =>
        AssertBroken("threads must be at least 1, but got 0.", () => new TrainerOptions { Threads = 0 });

    [Fact]
    public void Decay_NotANumber_SaysTheRule() =>
        AssertBroken("decay must be a finite number of at least 0, but got NaN.", () => new InverseTimeDecay(double.NaN));

    private static void AssertBroken(string sentence, Func<object> make) =>
        Assert.Equal(sentence, Assert.Throws<ArgumentException>(make).Message);
}

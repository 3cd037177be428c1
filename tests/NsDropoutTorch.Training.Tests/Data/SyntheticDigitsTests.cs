using System.Security.Cryptography;
using NsDropoutTorch.Training.Data;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NsDropoutTorch.Training.Tests.Data;

public class SyntheticDigitsTests
{
    [Fact]
    public void Generate_SeedZero_GivesTheSameBytesEverywhere()
    {
        var set = SyntheticDigits.Generate(seed: 0, trainCount: 1000, testCount: 1000);

        Assert.Equal("7a42e590902c0ae9452900856b78f20b92bd3968bb7d3969b3002f1385cec480", Hash(set.Train));
        Assert.Equal("b9239b08995cca9d14a4c992d44703acba23345230aaa529b8f3d3f721dd5afc", Hash(set.Test));
    }

    [Fact]
    public void Generate_MoreImages_BeginsWithTheSame()
    {
        var few = SyntheticDigits.Generate(seed: 5, trainCount: 20, testCount: 10);
        var many = SyntheticDigits.Generate(seed: 5, trainCount: 300, testCount: 200);

        Assert.Equal(few.Train.Pixels, many.Train.Slice(0, 20).Pixels);
        Assert.Equal(few.Test.Labels, many.Test.Slice(0, 10).Labels);
    }

    [Fact]
    public void Generate_OtherSeedOrPart_GivesOtherImages()
    {
        var set = SyntheticDigits.Generate(seed: 1, trainCount: 50, testCount: 50);

        Assert.NotEqual(set.Train.Pixels, set.Test.Pixels);
        Assert.NotEqual(set.Train.Pixels, SyntheticDigits.Generate(seed: 2, trainCount: 50, testCount: 0).Train.Pixels);
    }

    [Fact]
    public void Generate_TenThousand_HasEveryClassAboutAsOften()
    {
        var counts = SyntheticDigits.Generate(seed: 0, trainCount: 10_000, testCount: 0).Train.CountPerClass(10);

        Assert.All(counts, count => Assert.InRange(count, 850, 1150)); // 5 standard deviations of a binomial draw
    }

    [Fact]
    public void Generate_TenThousand_AreHardForALinearModelAndEasierForAHiddenLayer()
    {
        manual_seed(1);
        using var linear = Sequential(Linear(784, 10));
        using var hidden = Sequential(Linear(784, 128), ReLU(), Linear(128, 10));
        var set = SyntheticDigits.Generate(seed: 0, trainCount: 10_000, testCount: 2_000);

        var linearError = TestErrorAfterTraining(linear, set);
        var hiddenError = TestErrorAfterTraining(hidden, set);

        Assert.InRange(linearError, 0.03, 0.20);
        Assert.True(hiddenError < linearError / 2, $"the hidden layer must halve the error {linearError}, but gives {hiddenError}");
    }

    private static double TestErrorAfterTraining(Sequential model, ImageDataset set)
    {
        using var train = set.TrainTensors(PixelScaling.Unit);
        using var test = set.TestTensors(PixelScaling.Unit);
        using var optimizer = optim.Adam(model.parameters(), lr: 2e-3);
        for (var step = 0; step < 1000; step++)
        {
            using var scope = NewDisposeScope();
            var start = step * 100 % set.Train.Count;
            optimizer.zero_grad();
            functional.cross_entropy(model.call(train.Inputs.narrow(0, start, 100)), train.Labels.narrow(0, start, 100)).backward();
            optimizer.step();
        }

        using var evaluation = NewDisposeScope();
        using var _ = no_grad();
        return model.call(test.Inputs).argmax(1).ne(test.Labels).to(ScalarType.Float64).mean().item<double>();
    }

    private static string Hash(ImageSet set) => Convert.ToHexStringLower(SHA256.HashData([.. set.Labels, .. set.Pixels]));
}

using NsDropoutTorch.Experiments.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class InputStandardizationTests
{
    [Fact]
    public void Call_NotFitted_ChangesNothing()
    {
        using var scope = torch.NewDisposeScope();
        using var module = new InputStandardization([2]);
        var input = torch.tensor(new float[,] { { 1, 2 }, { 3, 4 } });

        Assert.Equal([1, 2, 3, 4], module.call(input).data<float>().ToArray());
    }

    [Fact]
    public void FitTo_Measurements_StandardisesEachAndCentresWhatNeverChanges()
    {
        using var scope = torch.NewDisposeScope();
        using var module = new InputStandardization([2]);
        module.FitTo(torch.tensor(new float[,] { { 1, 5 }, { 3, 5 } }), groups: 2);

        var output = module.call(torch.tensor(new float[,] { { 1, 5 }, { 3, 6 } }));

        Assert.Equal([-1, 0, 1, 1], output.data<float>().ToArray());
        Assert.Empty(module.parameters());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void FitTo_Images_StandardisesEachChannel(bool flatten)
    {
        using var scope = torch.NewDisposeScope();
        long[] shape = flatten ? [4] : [2, 1, 2];
        using var module = new InputStandardization(shape);
        var images = torch.tensor(new float[] { 0, 2, 10, 30, 0, 2, 10, 30 }).reshape([2, .. shape]);

        module.FitTo(images, groups: 2);

        Assert.Equal([-1, 1, -1, 1, -1, 1, -1, 1], module.call(images).data<float>().ToArray());
        Assert.Equal([2, .. shape], module.call(images).shape);
    }

    [Fact]
    public void Statistics_TravelWithTheState()
    {
        using var scope = torch.NewDisposeScope();
        using var module = new InputStandardization([1]);
        module.FitTo(torch.tensor(new float[,] { { 1 }, { 5 } }), groups: 1);

        Assert.Equal([("deviation", 2f), ("mean", 3f)], module.state_dict().Select(entry => (entry.Key, entry.Value.item<float>())).OrderBy(entry => entry.Key, StringComparer.Ordinal));
    }
}

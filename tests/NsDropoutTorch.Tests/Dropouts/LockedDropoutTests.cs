using NsDropoutTorch.Tests.Support;
using NsDropoutTorch.Dropouts;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Dropouts;

public class LockedDropoutTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_Ones_AFeatureOfASampleIsThereAtAllStepsOrAtNone(bool batchFirst)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var layer = torch.nn.LockedDropout(0.75, batchFirst);
        const int samples = 100, steps = 7, features = 40;
        var output = layer.call(batchFirst ? ones(samples, steps, features) : ones(steps, samples, features));
        Assert.Equal(batchFirst ? [samples, steps, features] : [steps, samples, features], output.shape);
        var overTime = Data.Values(batchFirst ? output.transpose(1, 2) : output.permute(1, 2, 0)).Chunk(steps).ToList();
        Assert.Equal(samples * features, overTime.Count);
        Assert.All(overTime, values => Assert.True(values.All(v => v == 0) || values.All(v => v == 4)));
        // Five standard deviations of a mean over 4,000 draws.
        Assert.InRange(overTime.Count(values => values[0] == 0) / 4000.0, 0.75 - 0.0343, 0.75 + 0.0343);
        // Samples have masks of their own.
        Assert.Equal(samples, overTime.Chunk(features).Select(sample => string.Concat(sample.Select(values => values[0] == 0 ? '0' : '1'))).Distinct().Count());
    }

    [Fact]
    public void Train_TwoSteps_AreScaledAlike()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        using var layer = torch.nn.LockedDropout(0.5);
        var x = Data.Normal(1, 2, 60).reshape(2, 20, 3);
        var (values, output) = (Data.Values(x), Data.Values(layer.call(x)));
        for (var i = 0; i < 60; i++)
        {
            Assert.True(output[i] == 0 || Math.Abs(output[i] - (2 * values[i])) < 1e-14);
            Assert.Equal(output[i] == 0, output[60 + i] == 0);
        }
    }
}

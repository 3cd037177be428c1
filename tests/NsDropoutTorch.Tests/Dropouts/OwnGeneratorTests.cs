using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Dropouts;

/// <summary>A layer with a generator of its own draws from that one alone.</summary>
public class OwnGeneratorTests
{
    public static TheoryData<string> Every => [.. Sibling.Names];

    [Theory, MemberData(nameof(Every))]
    public void Train_OwnGenerator_IsDrawnFromAlone(string name)
    {
        using var scope = NewDisposeScope();
        var sibling = Sibling.Of(name);
        using var layer = sibling.Layer();
        var x = sibling.Input(rows: 20);
        GivenGenerator.IsDrawnFromAlone(generator =>
        {
            layer.generator = generator;
            return layer.call(x);
        });
    }

    [Theory]
    [InlineData("published", 0)]
    [InlineData("published", 5)]
    [InlineData("label-free", 0)]
    [InlineData("label-free", 5)]
    public void Train_NSDropoutWithOwnGenerator_DrawsFromItAlone(string form, int warmUp)
    {
        using var scope = NewDisposeScope();
        var options = (form == "published" ? NSDropoutOptions.Default : NSDropoutOptions.LabelFree) with { WarmupSteps = warmUp };
        var (x, labels) = (Data.Normal(1, 40, 8), Data.Labels(2, 40, 3));
        if (form == "published" && warmUp == 0)
        {
            // Masks of the classes are not drawn, and the generator is left where it was.
            using var own = new Generator(3, CPU);
            Assert.True(Data.SameBits(Trained(null), Trained(own)));
            Assert.True(Data.SameBits(own.get_state(), new Generator(3, CPU).get_state()));
            return;
        }

        GivenGenerator.IsDrawnFromAlone(Trained);

        Tensor Trained(Generator? generator)
        {
            using var layer = torch.nn.NSDropout(8, 3, 0.5, options);
            layer.generator = generator;
            layer.CacheValidation(x, labels);
            return layer.forward(x, labels);
        }
    }

    [Fact]
    public void StateDict_OwnGenerator_IsNotInIt()
    {
        using var layer = torch.nn.DropPath(0.5);
        using var generator = new Generator(3, CPU);
        layer.generator = generator;
        Assert.Empty(layer.state_dict());
    }
}

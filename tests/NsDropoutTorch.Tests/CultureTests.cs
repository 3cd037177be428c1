using NsDropoutTorch.Tests.Support;
using NsDropoutTorch.Dropouts;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

/// <summary>What layers say is the same in every country.</summary>
public class CultureTests
{
    [CultureTheory]
    [ClassData(typeof(Cultures))]
    public void Texts_AreThoseOfTheInvariantCulture(string culture) => Assert.Equal(TestCulture.Under("", Texts), TestCulture.Under(culture, Texts));

    private static string[] Texts()
    {
        using var scope = NewDisposeScope();
        var layer = TorchSharp.torch.nn.NSDropout(4, 3, 0.25);
        return
        [
            Says(() => TorchSharp.torch.nn.NSDropout(4, 3, 1.5)),
            Says(() => TorchSharp.torch.nn.NSDropout(4, -3, 0.25)),
            Says(() => TorchSharp.torch.nn.ConcreteDropout(4, -0.5)),
            Says(() => TorchSharp.torch.nn.DropBlock2d(0.25, -3)),
            Says(() => layer.forward(randn(2, 4), tensor(new long[] { 0, -1 }))),
            layer.ToString()!,
        ];
    }

    private static string Says(Action act) => Assert.ThrowsAny<ArgumentException>(act).Message;
}

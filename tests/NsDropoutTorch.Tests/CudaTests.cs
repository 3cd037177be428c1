using NsDropoutTorch.Tests.Dropouts;
using NsDropoutTorch.Tests.Support;
using NsDropoutTorch.Dropouts;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

/// <summary>What holds in host memory holds on a CUDA device. The host's results are the oracle.</summary>
public class CudaTests
{
    private const int Features = 16, Classes = 3;

    public static TheoryData<string> Siblings => [.. Sibling.Names];

    // Moment matching draws in evaluation too, and a device draws other numbers than the host.
    public static TheoryData<string> WithoutDrawsInEval => [.. Sibling.Names.Where(name => name != "DropConnectLinear, moments")];

    public static TheoryData<string> Options => ["default", "reference", "absolute", "keep largest", "shared", "momentum"];

    private static readonly Dictionary<string, NSDropoutOptions> OptionsByName = new(StringComparer.Ordinal)
    {
        ["default"] = new(),
        ["reference"] = NSDropoutOptions.Reference,
        ["absolute"] = new() { AbsoluteGap = true },
        ["keep largest"] = new() { KeepLargest = true },
        ["shared"] = new() { SharedMask = true },
        ["momentum"] = new() { Momentum = 0.1 },
    };

    [CudaTheory, MemberData(nameof(Options))]
    public void NSDropout_TwoSteps_GiveTheMasksOutputsAndGradientsOfTheHost(string options)
    {
        using var scope = NewDisposeScope();
        var (host, device) = (TwoSteps(CPU, OptionsByName[options]), TwoSteps(CUDA, OptionsByName[options]));

        Assert.Equal(host.Masks, device.Masks);
        Data.AssertClose(Data.Values(host.Output), device.Output, 1e-12, 1e-12);
        Data.AssertClose(Data.Values(host.Gradient), device.Gradient, 1e-12, 1e-12);
    }

    [CudaFact]
    public void NSDropout2d_AStep_GivesTheMasksOfTheHost()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(MasksOf(CPU), MasksOf(CUDA));

        bool[][] MasksOf(Device device)
        {
            using var layer = nn.NSDropout2d(Features, Classes, 0.25, dtype: ScalarType.Float64).to(device);
            layer.CacheValidation(Images(1, device), Labels(device));
            layer.forward(Images(2, device), Labels(device));
            return Layers.Masks(layer);
        }
    }

    [CudaFact]
    public void NSDropout_LabelsOnTheHost_ReachALayerOnTheDevice()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained(Features, Classes).to(CUDA);
        using var labels = LabelScope.Use(Labels(CPU));

        Assert.Equal(DeviceType.CUDA, layer.call(Rows(3, CUDA)).device_type);
    }

    [CudaFact]
    public void NSDropout_MovedThereAndBack_KeepsItsState()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained(Features, Classes);
        var before = layer.state_dict().ToDictionary(entry => entry.Key, entry => Data.Values(entry.Value), StringComparer.Ordinal);

        layer.to(CUDA).to(CPU);

        Assert.Equal(before, layer.state_dict().ToDictionary(entry => entry.Key, entry => Data.Values(entry.Value), StringComparer.Ordinal));
    }

    [CudaTheory, MemberData(nameof(WithoutDrawsInEval))]
    public void Sibling_Eval_GivesTheOutputsOfTheHost(string name)
    {
        using var scope = NewDisposeScope();
        var sibling = Sibling.Of(name);
        using var layer = sibling.Layer();
        layer.eval();
        var input = sibling.Input();
        var expected = Data.Values(layer.call(input));

        Data.AssertClose(expected, layer.to(CUDA).call(input.to(CUDA)), 1e-12, 1e-12);
    }

    [CudaTheory, MemberData(nameof(Siblings))]
    public void Sibling_Train_DrawsOnTheDeviceAndGivesFiniteGradients(string name)
    {
        using var scope = NewDisposeScope();
        var sibling = Sibling.Of(name);
        using var layer = sibling.Layer();
        layer.to(CUDA);
        var input = sibling.Input().to(CUDA);
        if (sibling.Vocabulary == 0) input.requires_grad_();

        cuda.manual_seed_all(1);
        var first = layer.call(input);
        first.sum().backward();
        cuda.manual_seed_all(1);
        var second = layer.call(input);

        Assert.Equal(DeviceType.CUDA, first.device_type);
        Assert.True(Data.SameBits(first, second));
        Tensor?[] gradients = [input.grad, .. layer.parameters().Select(parameter => parameter.grad)];
        Assert.All(gradients.OfType<Tensor>().SelectMany(Data.Values), value => Assert.True(double.IsFinite(value)));
        Assert.Equal(sibling.Vocabulary > 0, input.grad is null);
    }

    private static (bool[][] Masks, Tensor Output, Tensor Gradient) TwoSteps(Device device, NSDropoutOptions options)
    {
        using var layer = nn.NSDropout(Features, Classes, 0.25, options, dtype: ScalarType.Float64).to(device);
        layer.CacheValidation(Rows(1, device), Labels(device));
        layer.forward(Rows(2, device), Labels(device));
        var input = Rows(3, device).requires_grad_();
        var output = layer.forward(input, Labels(device));
        output.mul(output).sum().backward();
        return (Layers.Masks(layer), output.cpu(), input.grad!.cpu());
    }

    private static Tensor Rows(int seed, Device device) => Data.Normal(seed, 30, Features).to(device);

    private static Tensor Images(int seed, Device device) => Data.Normal(seed, 30, Features * 6).reshape(30, Features, 2, 3).to(device);

    private static Tensor Labels(Device device) => Layers.Balanced(30, Classes).to(device);
}

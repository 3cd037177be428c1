using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Tests.Dropouts;
using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

/// <summary>A step of a layer is put in the device's queue and not waited for, forward and backward.</summary>
public class CudaWaitTests
{
    private const int Rows = 64, Features = 16, Classes = 3;

    public static TheoryData<string> Siblings => [.. Sibling.Names];

    public static TheoryData<string> Forms => [.. OptionsOf.Keys];

    private static Dictionary<string, NSDropoutOptions> OptionsOf { get; } = new(StringComparer.Ordinal)
    {
        ["default"] = NSDropoutOptions.Default,
        ["reference"] = NSDropoutOptions.Reference,
        ["absolute"] = new() { AbsoluteGap = true },
        ["shared"] = new() { SharedMask = true },
        ["momentum"] = new() { Momentum = 0.1 },
        ["warm-up"] = new() { WarmupSteps = 1000 },
        ["label-free"] = NSDropoutOptions.LabelFree,
        ["drawn, gaps of classes"] = new() { GapShare = 0.5 },
    };

    [CudaTheory, MemberData(nameof(Siblings))]
    public void Sibling_TrainingStep_IsNotWaitedFor(string name)
    {
        using var scope = NewDisposeScope();
        var sibling = Sibling.Of(name);
        using var layer = sibling.Layer();
        layer.to(CUDA);
        var x = sibling.Input().to(CUDA);
        if (sibling.Vocabulary == 0) x.requires_grad_();
        BusyDevice.AssertNotWaitedFor(() => layer.call(x).sum().backward());
    }

    [CudaFact]
    public void Sibling_GeneratorOfItsOwn_IsNotWaitedForEither()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var layer = nn.FastDropout(0.5);
        layer.generator = generator;
        var x = ones(Rows, Features, device: CUDA, requires_grad: true);
        BusyDevice.AssertNotWaitedFor(() => layer.call(x).sum().backward());
    }

    [CudaTheory, MemberData(nameof(Forms))]
    public void NSDropout_TrainingStep_IsNotWaitedFor(string form)
    {
        using var scope = NewDisposeScope();
        using var layer = nn.NSDropout(Features, Classes, 0.25, OptionsOf[form]).to(CUDA);
        AssertNotWaitedFor(layer, Data.Normal(1, Rows, Features, ScalarType.Float32).to(CUDA), Layers.Balanced(Rows, Classes));
    }

    [CudaTheory, MemberData(nameof(Forms))]
    public void NSDropout2d_TrainingStep_IsNotWaitedFor(string form)
    {
        using var scope = NewDisposeScope();
        using var layer = nn.NSDropout2d(Features, Classes, 0.25, OptionsOf[form]).to(CUDA);
        AssertNotWaitedFor(layer, Data.Normal(1, Rows, Features * 6, ScalarType.Float32).reshape(Rows, Features, 2, 3).to(CUDA), Layers.Balanced(Rows, Classes));
    }

    [CudaFact]
    public void NSDropoutSequence_TrainingStep_IsNotWaitedFor()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.NSDropoutSequence(Features, Classes, 0.25).to(CUDA);
        AssertNotWaitedFor(layer, Data.Normal(1, Rows, Features * 5, ScalarType.Float32).reshape(Rows, 5, Features).to(CUDA), Layers.Balanced(Rows, Classes));
    }

    private static void AssertNotWaitedFor(NSDropoutModule layer, Tensor rows, Tensor labels)
    {
        var there = labels.to(CUDA);
        layer.CacheValidation(rows, there);
        var x = rows.clone().requires_grad_();
        BusyDevice.AssertNotWaitedFor(() =>
        {
            using var scope = LabelScope.Use(there);
            layer.call(x).sum().backward();
        });
    }
}

using NsDropoutTorch.Tests.Support;
using System.Runtime.InteropServices;
using NsDropoutTorch.Dropouts;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

/// <summary>
/// A layer's forward never waits for the device its input is on: it reads no element and copies nothing to the host. Shown in two ways: by the compiled code, and on the
/// device "meta", whose tensors have shapes and no elements, so that whoever reads one fails.
/// </summary>
public sealed class HostReadTests
{
    private static readonly Device NoData = new(DeviceType.META);

    public static TheoryData<string> LayersThatReadNoLabels => [.. Makers.Keys];

    // Concrete and targeted dropout and that of words use operators (logit, abs, index_select) that libtorch has no "meta" form of, as it has none of convolutions and of pooling in volumes; so does NSDropout (nan_to_num, index_select) from its first capture on.
    // There the compiled code is the evidence.
    private static Dictionary<string, Func<Device, nn.Module<Tensor, Tensor>>> Makers { get; } = new(StringComparer.Ordinal)
    {
        ["DropConnectLinear"] = device => torch.nn.DropConnectLinear(16, 3, device: device),
        ["BroadcastDropout"] = _ => torch.nn.BroadcastDropout(0.5, [0]),
        ["DropPath"] = _ => torch.nn.DropPath(),
        ["FastDropout"] = _ => torch.nn.FastDropout(),
        ["FastDropout2d"] = _ => torch.nn.FastDropout2d(),
        ["GaussianDropout"] = _ => torch.nn.GaussianDropout(),
        ["StandoutLinear"] = device => torch.nn.StandoutLinear(16, 3, device: device),
        ["StochasticDepth"] = _ => torch.nn.StochasticDepth(0.5, StochasticDepthMode.Batch),
        ["VariationalDropout"] = device => torch.nn.VariationalDropout(16, device: device),
        ["WeightDrop"] = device => torch.nn.WeightDrop(torch.nn.Linear(16, 3, device: device)),
    };

    [Fact]
    public void Library_ReadsElements_OnlyWhereItIsMeant()
    {
        string[] meant =
        [
            "HostMask.Factors: CPU", // of tensors that lie in host memory, as in the one below
            "HostMemory.Elements: get_bytes",
            "LearnedDropoutModule.get_p: Number", // says that it waits
            "MaskBits.Seed: CPU", // a seed is drawn where it is read
            "StatefulModule.AddCounter: CPU",
        ];
        Assert.Equal(meant, HostReads.In(typeof(NSDropout).Assembly));
    }

    [Fact]
    public void CodeForHostMemory_GivenTensorsElsewhere_LeavesThemAlone()
    {
        using var scope = NewDisposeScope();
        Assert.False(HostCounts.AreAllPositive(ones(3, ScalarType.Int64), ones(3, ScalarType.Int64, NoData)));
        Assert.Null(HostCounts.DroppedByEach(ones(3, 16, ScalarType.Bool, NoData)));
        Assert.False(HostTopK.Reaches(rand(3, 16, device: NoData)));
        Assert.False(HostMask.Reaches(rand(3, 16, device: NoData)));
        Assert.False(rand(3, 16, device: NoData).IsInPlace(ScalarType.Float32));
        Assert.False(HostClassMasks.Reaches(rand(3, 16), ones(2, 16, ScalarType.Bool, NoData), zeros(3, ScalarType.Int64)));
        Assert.False(HostClassMasks.Reaches(rand(3, 16), ones(2, 16, ScalarType.Bool), zeros(3, ScalarType.Int64, NoData)));
        LabelChecks.Range(ones(3, ScalarType.Int64, NoData), numClasses: 1);
    }

    [Fact]
    public void NSDropout_CapturingAndBeforeItsFirstCapture_RunsWhereThereAreNoElements()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(16, 3, 0.25, new NSDropoutOptions { KeepActivations = true }, NoData);
        using var channels = torch.nn.NSDropout2d(4, 3, 0.25, device: NoData);
        using var pooled = torch.nn.NSDropoutSequence(5, 3, 0.25, device: NoData);
        using var positions = torch.nn.NSDropoutSequence(5, 3, 0.25, length: 4, device: NoData);
        var (input, images, labels) = (rand(12, 16, device: NoData), rand([12, 4, 5, 5], device: NoData), zeros(12, ScalarType.Int64, NoData));

        Assert.True(layer.forward(input, labels).is_meta);
        Assert.True(channels.forward(images, labels).is_meta);
        foreach (var sequence in new[] { pooled, positions })
        {
            Assert.True(sequence.forward(rand([12, 4, 5], device: NoData), labels).is_meta);
            sequence.CacheValidation(rand([12, 4, 5], device: NoData), labels);
        }

        layer.eval();
        Assert.True(layer.forward(input).is_meta);
        layer.CacheValidation(input, labels);
        channels.CacheValidation(images, labels);
        Assert.True(layer.HasValidation && channels.HasValidation);
    }

    [Theory]
    [MemberData(nameof(LayersThatReadNoLabels))]
    public void Forward_InBothModes_RunsWhereThereAreNoElements(string name)
    {
        using var scope = NewDisposeScope();
        using var layer = Makers[name](NoData);
        var input = rand(12, 16, device: NoData).requires_grad_();

        layer.call(input).sum().backward();
        if (layer is IRegularized regularized) regularized.Regularization().backward();
        layer.eval();
        Assert.True(layer.call(input).is_meta);
    }

    [Fact]
    public void LayersOfImagesAndSequences_RunWhereThereAreNoElements()
    {
        using var scope = NewDisposeScope();
        using var squares = torch.nn.DropBlock2d(0.1, 3);
        using var locked = torch.nn.LockedDropout();
        using var noise = torch.nn.VariationalDropout2d(4, device: NoData);
        Assert.True(squares.call(rand([2, 4, 8, 8], device: NoData)).is_meta);
        Assert.True(locked.call(rand([2, 4, 8], device: NoData)).is_meta);
        Assert.True(noise.call(rand([2, 4, 8, 8], device: NoData)).is_meta);
    }

    [Fact]
    public void DeviceWithoutElements_RefusesWhatItIsThereToRefuse()
    {
        using var scope = NewDisposeScope();
        var x = rand(3, device: NoData);
        Action[] reads = [() => x.sum().item<float>(), () => x.sum().ToSingle(), () => x.cpu(), () => x.data<float>(), () => x.nonzero(), () => x.Equals(x), () => _ = x.bytes[0]];
        Assert.All(reads, read => Assert.True(Record.Exception(read) is ExternalException or InvalidOperationException));
    }
}

using NsDropoutTorch.Experiments.Layers;
using NsDropoutTorch.Experiments.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class NetworkTests
{
    public static TheoryData<string> Networks => [.. ModelCatalog.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Forward_LeavesNoTensorButItsResult(string name)
    {
        var kind = ModelCatalog.Find(name);
        long[] shape = kind.NeedsImages ? [1, 8, 8] : [64];
        using var model = kind.Build(new(shape, NumClasses: 10, Hidden: [32], new(LayerSpecification.Parse("dropout"), [1], 10, 0.2)) { Standardize = true });
        using var inputs = randn([5, .. shape]);
        model.call(inputs).Dispose();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        using var output = model.call(inputs);

        Assert.Equal(before + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal([5, 10], output.shape);
    }
}

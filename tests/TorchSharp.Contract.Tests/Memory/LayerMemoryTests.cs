using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Memory;

public sealed class LayerMemoryTests
{
    [Fact]
    public void Training_OfAModel_LeavesNoTensorBehind()
    {
        Finalizers.Run();
        using var model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 3));
        using var optimizer = optim.Adam(model.parameters());
        using var inputs = randn(16, 4);
        using var labels = randint(0, 3, new long[] { 16 });
        Step();
        var before = Tensor.TotalCount;
        for (var i = 0; i < 2_000; i++) Step();
        Assert.Equal(before, Tensor.TotalCount);

        void Step()
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            nn.functional.cross_entropy(model.call(inputs), labels).backward();
            optimizer.step();
        }
    }

    [Fact]
    public void Layers_CreatedAndDisposed_LeaveTheThreadsCountAsItWas()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 100; i++)
        {
            using var scope = NewDisposeScope();
            using var model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2), nn.Conv2d(1, 1, 2));
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}

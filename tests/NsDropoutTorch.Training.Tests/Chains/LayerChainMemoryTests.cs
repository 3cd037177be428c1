using NsDropoutTorch.Training.Chains;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests.Chains;

public sealed class LayerChainMemoryTests
{
    [Fact]
    public void Steps_InAScope_LeaveTheGradientsAlone()
    {
        using var model = Models.Mlp(nn.GELU());
        using var input = randn(6, 4);
        var chain = LayerChain.Of(model)!;
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        using (NewDisposeScope())
        {
            chain.Forward(input)!.square().mean().backward();
            chain.Backward();
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.All(model.parameters(), parameter => Assert.NotNull(parameter.grad));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fit_ALayerThrows_LeavesNoTensorBehind(bool inBackward)
    {
        using var data = Models.Clouds(64, 1);
        using var model = Models.Mlp(new Thrower(inBackward));
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Assert.Throws<InvalidTimeZoneException>(() => Trainer.Fit(model, data, null, new TrainerOptions { BatchSize = 16 }));

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.True(is_grad_enabled());
    }

    private sealed class Thrower(bool inBackward) : nn.Module<Tensor, Tensor>(nameof(Thrower)), IVjp
    {
        public override Tensor forward(Tensor input) => throw new InvalidTimeZoneException("forward");

        public (Tensor Output, Func<Tensor, Tensor> Product)? Vjp(Tensor input) => inBackward ? (input.alias(), _ => throw new InvalidTimeZoneException("backward")) : null;
    }
}

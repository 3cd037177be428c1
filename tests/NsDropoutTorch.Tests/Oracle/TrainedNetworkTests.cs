using NsDropoutTorch.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Oracle;

public class TrainedNetworkTests
{
    /// <summary>The network of the reference protocol, smaller, in float64: full batch, Adam, one capture per epoch.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TwentySteps_EqualTheNetworkWithThePlainLoopLayer(bool byCount)
    {
        using var scope = NewDisposeScope();
        var random = new Random(22);
        var (x, y) = (Data.Matrix(Data.Normal(random, 90, 12)), Data.Labels(random, 90, 4));
        var (xv, yv) = (Data.Matrix(Data.Normal(random, 40, 12)), Data.Labels(random, 40, 4));
        var layer = torch.nn.NSDropout(16, 4, 0.2, new NSDropoutOptions { ScaleByCount = byCount });
        var slow = new SlowLayer(4, 0.2, byCount);
        using var fast = Network(layer);
        using var plain = Network(slow);
        using var fastAdam = torch.optim.Adam(fast.parameters(), 0.005);
        using var plainAdam = torch.optim.Adam(plain.parameters(), 0.005);
        var initial = fast.state_dict()["0.weight"].clone();

        for (var step = 0; step < 20; step++)
        {
            using (LabelScope.Use(tensor(yv)))
                Layers.Capture(fast, () => Evaluate(fast, xv));
            slow.Labels = yv;
            Evaluate(plain, xv);

            slow.Labels = y;
            Assert.Equal(Step(plain, plainAdam, x, y), Step(fast, fastAdam, x, y), 1e-12);
            Assert.Equal(slow.Masks!, Layers.Masks(layer));
        }

        Assert.False(Data.SameBits(initial, fast.state_dict()["0.weight"]));
        foreach (var (name, weight) in plain.named_parameters())
            Data.AssertClose(Data.Values(weight), fast.state_dict()[name], 1e-10);
    }

    private static Sequential Network(torch.nn.Module<Tensor, Tensor> dropout)
    {
        manual_seed(22);
        var network = torch.nn.Sequential(
            torch.nn.Linear(12, 16), torch.nn.ReLU(), dropout, torch.nn.Linear(16, 16), torch.nn.ReLU(), torch.nn.Linear(16, 4));
        return network.to(ScalarType.Float64);
    }

    private static void Evaluate(Sequential network, Tensor x)
    {
        using var noGrad = no_grad();
        network.eval();
        network.call(x).Dispose();
        network.train();
    }

    private static double Step(Sequential network, optim.Optimizer optimizer, Tensor x, long[] y)
    {
        using var scope = NewDisposeScope();
        var labels = tensor(y);
        using var batch = LabelScope.Use(labels);
        optimizer.zero_grad();
        var loss = torch.nn.functional.cross_entropy(network.call(x), labels);
        loss.backward();
        optimizer.step();
        return loss.item<double>();
    }
}

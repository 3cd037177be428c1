using NsDropoutTorch;
using NsDropoutTorch.Data;
using NsDropoutTorch.Training;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.PyBridge;
using static TorchSharp.torch;

namespace Exchange;

/// <summary>The network of both sides: the same names of layers, so the same names of parameters and buffers.</summary>
internal static class Network
{
    private const double Rate = 0.1;

    public static Sequential Create() =>
        nn.Sequential(("hidden", nn.Linear(64, 32)), ("relu", nn.ReLU()), ("drop", nn.NSDropout(32, 10, p: 0.25)), ("output", nn.Linear(32, 10)));

    /// <summary>One trained on a few digits.</summary>
    public static Sequential Trained(TensorData train, TensorData statistics)
    {
        Seeding.Seed(1);
        var network = Create();
        Trainer.Fit(network, train, validation: null, new TrainerOptions { Epochs = 5, BatchSize = 50 }, maskStatistics: statistics);
        return network;
    }

    /// <summary>One whose weights and masks come from a file of PyTorch's <c>torch.save</c>.</summary>
    public static Sequential Load(string path)
    {
        var network = Create();
        #region load
        network.load_py(path);
        // A state dictionary of Python holds no gradients, and load_py takes that over: it leaves every parameter frozen.
        foreach (var parameter in network.parameters()) parameter.requires_grad_();
        #endregion
        return network;
    }

    /// <summary>One more training step.</summary>
    public static void Step(Sequential network, Tensor inputs, Tensor labels)
    {
        network.train();
        using var optimizer = optim.SGD(network.parameters(), Rate);
        using var batch = LabelScope.Use(labels);
        optimizer.zero_grad();
        nn.functional.cross_entropy(network.call(inputs), labels).backward();
        optimizer.step();
    }
}

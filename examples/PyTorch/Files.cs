using NsDropoutTorch.Data;
using NsDropoutTorch.Training;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.PyBridge;
using static TorchSharp.torch;

namespace Exchange;

/// <summary>What both sides write into one folder, and how far their answers lie apart.</summary>
internal sealed class Files(string folder)
{
    /// <summary>Writes a network trained here, as a file of PyTorch and as safetensors, and the batch that both sides answer.</summary>
    public void Write(TensorData digits)
    {
        using var scope = NewDisposeScope();
        var (batch, statistics) = (digits.Select(Rows(0, 100)), digits.Select(Rows(100, 160)));
        using var network = Network.Trained(digits.Select(Rows(160, 660)), statistics);
        network.save_py(PathOf("csharp.pt"));
        network.save_safetensors(PathOf("csharp.safetensors"));
        PyTorchPickler.PickleStateDict(PathOf("batch.pt"), new Dictionary<string, Tensor>(StringComparer.Ordinal)
        {
            ["inputs"] = batch.Inputs, ["labels"] = batch.Labels, ["held out"] = statistics.Inputs, ["labels held out"] = statistics.Labels,
        });
    }

    /// <summary>Loads a network from both kinds of files, answers the batch, takes a step, and compares with what Python answered.</summary>
    /// <param name="origin">Where it was trained: "csharp" or "python".</param>
    public Difference Compare(string origin)
    {
        using var scope = NewDisposeScope();
        using var network = Network.Load(PathOf($"{origin}.pt"));
        using var other = Network.Create();
        other.load_safetensors(PathOf($"{origin}.safetensors"));
        var batch = Read("batch.pt");
        var answer = Read($"{origin}-answer.pt");

        using var outputs = Trainer.Predict(network, batch["inputs"]);
        var outputsApart = Apart(outputs, answer["outputs"]);
        var filesApart = Apart(network, other.state_dict());
        Network.Step(network, batch["inputs"], batch["labels"]);
        var masksApart = ((Tensor)network.state_dict()["drop.class_masks"]).ne(answer["drop.class_masks"]).sum().item<long>();
        return new(origin, filesApart, outputsApart, Apart(network, answer), masksApart);
    }

    private static long[] Rows(int first, int end) => [.. Enumerable.Range(first, end - first).Select(row => (long)row)];

    private static double Apart(Sequential network, Dictionary<string, Tensor> state) => network.state_dict().Max(entry => Apart(entry.Value, state[entry.Key]));

    private static double Apart(Tensor here, Tensor there) => here.to(ScalarType.Float64).sub(there.to(ScalarType.Float64)).abs().max().item<double>();

    private string PathOf(string name) => Path.Combine(folder, name);

    private Dictionary<string, Tensor> Read(string name) =>
        PyTorchUnpickler.UnpickleStateDict(PathOf(name)).Cast<System.Collections.DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (Tensor)entry.Value!, StringComparer.Ordinal);
}

/// <summary>How far the two sides lie apart for one network: largest absolute differences, and neurons that only one side drops.</summary>
internal sealed record Difference(string Origin, double BetweenFiles, double Outputs, double AfterAStep, long Masks);

using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>Those parts of a run that remember something, by the name of their type; the second of a type is <c>Name#2</c>.</summary>
internal sealed class Memories
{
    private readonly Dictionary<string, IStateful> parts = new(StringComparer.Ordinal);

    public Memories(IEnumerable<object?> candidates)
    {
        foreach (var sameType in candidates.OfType<IStateful>().GroupBy(part => part.GetType().Name, StringComparer.Ordinal))
        {
            foreach (var (index, part) in sameType.Index())
            {
                parts.Add(index == 0 ? sameType.Key : $"{sameType.Key}#{index + 1}", part);
            }
        }
    }

    public Dictionary<string, JsonNode> Save() => parts.ToDictionary(part => part.Key, part => part.Value.SaveState(), StringComparer.Ordinal);

    public IEnumerable<(string Name, Tensor Tensor)> Tensors() =>
        parts.SelectMany(part => part.Value.StateTensors.Select(entry => ($"{part.Key}/{entry.Key}", entry.Value)));

    /// <summary>One that the checkpoint does not know begins afresh; one that is gone is forgotten.</summary>
    public void Load(IReadOnlyDictionary<string, JsonNode> states, IReadOnlyDictionary<string, Tensor> tensors)
    {
        foreach (var (name, part) in parts)
        {
            if (states.TryGetValue(name, out var state))
            {
                part.LoadState(state, TensorEntry.Under($"{name}/", tensors));
            }
        }
    }
}

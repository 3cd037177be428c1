using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>Those parts of a run that remember something, by the names they give themselves.</summary>
internal sealed class Memories
{
    private readonly Dictionary<string, IStateful> parts = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">A name is missing, of the wrong form, or there twice.</exception>
    public Memories(IEnumerable<object?> candidates)
    {
        foreach (var part in candidates.OfType<IStateful>())
        {
            if (string.IsNullOrEmpty(part.Key) || part.Key.Contains('/', StringComparison.Ordinal) || part.Key == RunState.EpochKey)
            {
                throw Require.Broken($"the key of a {part.GetType().Name} must be a name without '/' other than '{RunState.EpochKey}', but got '{part.Key}'.");
            }

            if (!parts.TryAdd(part.Key, part))
            {
                throw Require.Broken($"what remembers something must have a key of its own in a run, but got '{part.Key}' twice; set the Key of one of them.");
            }
        }
    }

    /// <summary>All of them forget everything.</summary>
    public void Reset()
    {
        foreach (var part in parts.Values)
        {
            part.ResetState();
        }
    }

    public Dictionary<string, JsonNode> Save() => parts.ToDictionary(part => part.Key, part => part.Value.SaveState(), StringComparer.Ordinal);

    public IEnumerable<(string Name, Tensor Tensor)> Tensors() =>
        parts.SelectMany(part => part.Value.StateTensors.Select(entry => ($"{part.Key}/{entry.Key}", entry.Value)));

    /// <summary>Throws where a checkpoint remembers something for a part that is not here.</summary>
    /// <exception cref="CheckpointException">There is such a memory.</exception>
    public void RequireAll(IReadOnlyDictionary<string, JsonNode> states, string path)
    {
        if (states.FirstOrDefault(state => !parts.ContainsKey(state.Key) && state.Value is not JsonObject { Count: 0 }) is { Key: { } missing })
        {
            var here = parts.Count == 0 ? "none that remembers" : $"only {string.Join(", ", parts.Keys)}";
            throw new CheckpointException(
                $"a callback with the key '{missing}' must be there to resume from '{path}', which holds what it remembers, but got {here}; "
                + "add it, or start a new run from the weights (Checkpoint.LoadWeights).");
        }
    }

    /// <summary>Each remembers what the checkpoint holds for it; one that the checkpoint does not know stays as it is.</summary>
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

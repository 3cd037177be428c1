using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// A callback or learning-rate schedule with memory: what it remembers travels in checkpoints, so that a resumed run goes on as if never interrupted.
/// What can be read off the run's counters and history needs no memory.
/// </summary>
public interface IStateful
{
    /// <summary>
    /// The name that its memory goes by in checkpoints: its own within the run, not empty, without <c>/</c>, and not <c>epoch</c>. It must be the same when the run is resumed.
    /// </summary>
    string Key { get; }

    /// <summary>Tensors it remembers, by name; they stay its own. Default: none.</summary>
    IReadOnlyDictionary<string, Tensor> StateTensors => System.Collections.Immutable.ImmutableDictionary<string, Tensor>.Empty;

    /// <summary>Forgets everything; called before the first method of every run, so that one used for a second run starts anew.</summary>
    void ResetState();

    /// <summary>All else it remembers, as plain JSON; an empty object when that is nothing. JSON has no NaN and no infinity: write null for them.</summary>
    JsonNode SaveState();

    /// <summary>Remembers what a checkpoint holds; called after <see cref="ResetState"/> in a resumed run.</summary>
    /// <param name="state">As made by <see cref="SaveState"/>.</param>
    /// <param name="tensors">Those of <see cref="StateTensors"/>, in host memory; they are freed after the call, so copy what is to be kept.</param>
    void LoadState(JsonNode state, IReadOnlyDictionary<string, Tensor> tensors);
}

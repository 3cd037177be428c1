using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>A layer whose parameters and buffers are loaded only from tensors of their own shape.</summary>
/// <remarks>A plain TorchSharp module copies whatever broadcasts; see <see cref="ModuleState"/> for models that hold such layers.</remarks>
public abstract class CheckedModule : nn.Module<Tensor, Tensor>
{
    private protected CheckedModule(string name)
        : base(name)
    {
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A tensor's shape is not that of the layer's; nothing has been loaded then.</exception>
    public override (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
        Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
    {
        ModuleState.CheckShapes(state_dict(), source, skip);
        return base.load_state_dict(source, strict, skip);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A tensor's shape is not that of the layer's; nothing has been loaded then.</exception>
    public override nn.Module load(
        BinaryReader reader, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
    {
        using var scope = NewDisposeScope();
        var source = ModuleState.Read(reader);
        var (_, unexpected) = load_state_dict(source, strict, skip);
        foreach (var key in source.Keys)
            loadedParameters?.Add(key, !unexpected.Contains(key));
        return this;
    }
}

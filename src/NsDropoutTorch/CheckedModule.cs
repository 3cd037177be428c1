using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>A layer whose parameters and buffers are loaded only from tensors of their own shape.</summary>
/// <remarks>A plain TorchSharp module also loads tensors of other shapes that broadcast; see <see cref="ModuleState"/> for models that hold such layers.</remarks>
public abstract class CheckedModule : nn.Module<Tensor, Tensor>, IOwnGenerator
{
    private protected CheckedModule(string name)
        : base(name)
    {
    }

    /// <inheritdoc/>
    public Generator? generator { get; set; }

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

/// <summary>
/// A layer without parameters whose state is buffers: they exist from construction on, move with the module, and travel in its
/// state dictionary.
/// </summary>
/// <remarks>
/// The register of buffers is the only holder of them: a tensor field beside it would have to be kept in step at every move.
/// </remarks>
public abstract class StatefulModule : CheckedModule
{
    private readonly HashSet<string> hostBuffers = [];

    private protected StatefulModule(string name)
        : base(name)
    {
    }

    private protected void AddBuffer(string name, Tensor buffer) => register_buffer(name, buffer.DetachFromDisposeScope());

    private protected HostCounter AddCounter(string name)
    {
        var buffer = zeros([], ScalarType.Int64, CPU);
        AddBuffer(name, buffer);
        hostBuffers.Add(name);
        return new HostCounter(buffer);
    }

    private protected Tensor Buffer(string name) => get_buffer(name)!;

    /// <summary>Makes a floating buffer as wide as what is about to be written into it.</summary>
    private protected void Widen(string name, ScalarType dtype)
    {
        if (dtype != ScalarType.Float64 || Buffer(name).dtype == dtype) return;
        using var plain = new PlainTensors();
        Replace(name, Buffer(name).to(dtype));
    }

    /// <summary>Called after the buffers have moved to a device.</summary>
    private protected virtual void OnMoved(Device device)
    {
    }

    /// <inheritdoc/>
    protected override nn.Module _to(Device device, ScalarType dtype, bool non_blocking) => Move(device, dtype, non_blocking);

    /// <inheritdoc/>
    protected override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) =>
        Move(new Device(deviceType, deviceIndex), null, non_blocking);

    /// <inheritdoc/>
    protected override nn.Module _to(ScalarType dtype, bool non_blocking) => Move(null, dtype, non_blocking);

    private StatefulModule Move(Device? device, ScalarType? dtype, bool non_blocking)
    {
        if (dtype is { } type && !is_floating_point(type))
            throw new ArgumentException($"dtype must be floating-point, but got {type}.", nameof(dtype));

        using var plain = new PlainTensors();
        foreach (var (name, buffer) in named_buffers(recurse: false).ToList())
        {
            if (hostBuffers.Contains(name)) continue;
            // Statistics are never kept in half precision, whatever the model computes in.
            var target = is_floating_point(buffer.dtype) && dtype is { } floating ? NSDropoutMath.StatisticsType(floating) : buffer.dtype;
            Replace(name, buffer.to(target, device ?? buffer.device, non_blocking: non_blocking));
        }

        if (device is not null) OnMoved(device);
        return this;
    }

    private void Replace(string name, Tensor buffer)
    {
        Buffer(name).Dispose();
        ConditionallyRegisterBuffer(name, buffer.DetachFromDisposeScope());
    }
}

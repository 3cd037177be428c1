using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Modules called one after the other. Every intermediate result is disposed.</summary>
public class Sequential : nn.Module<Tensor, Tensor>
{
    private readonly List<(string Name, nn.IModule<Tensor, Tensor> Module)> _items = [];

    internal Sequential(IEnumerable<(string Name, nn.IModule<Tensor, Tensor> Module)> items)
        : base(nameof(Sequential))
    {
        foreach (var (name, module) in items) append(name, module);
    }

    protected Sequential(params (string name, nn.Module<Tensor, Tensor> submodule)[] modules)
        : base(nameof(Sequential))
    {
        foreach (var (name, module) in modules) append(name, module);
    }

    protected Sequential(params nn.Module<Tensor, Tensor>[] modules)
        : base(nameof(Sequential))
    {
        foreach (var module in modules) append(module);
    }

    public int Count => _items.Count;

    [IndexerName("SequentialItems")]
    public nn.IModule<Tensor, Tensor> this[int index] => _items[index].Module;

    [IndexerName("SequentialItems")]
    public Sequential this[(int? start, int? end) index] => Slice(index.start ?? 0, index.end ?? Count);

    [IndexerName("SequentialItems")]
    public Sequential this[Range index] => Slice(index.Start.GetOffset(Count), index.End.GetOffset(Count));

    public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
    {
        RequireOutside((nn.Module)module);
        _items.Add((name, module));
        return this;
    }

    public Sequential append(nn.IModule<Tensor, Tensor> module) => append($"{Count}", module);

    public override Tensor forward(Tensor tensor)
    {
        if (Count == 0) return tensor.alias();
        var result = _items[0].Module.call(tensor);
        for (var i = 1; i < Count; i++)
        {
            using var intermediate = result;
            result = _items[i].Module.call(intermediate);
        }

        return result;
    }

    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
    {
        if (!recurse) yield break;
        var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        foreach (var (child, module) in named_children())
        {
            foreach (var (name, parameter) in module.named_parameters(true))
            {
                if (IsNew(parameter, seen)) yield return ($"{child}.{name}", parameter);
            }
        }
    }

    public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_persistent = true)
    {
        if (!recurse) yield break;
        var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        foreach (var (child, module) in named_children())
        {
            foreach (var (name, buffer) in module.named_buffers(true, include_persistent))
            {
                if (IsNew(buffer, seen)) yield return ($"{child}.{name}", buffer);
            }
        }
    }

    public override IEnumerable<(string name, nn.Module module)> named_children() =>
        _items.Select(item => (item.Name, (nn.Module)item.Module));

    public override IEnumerable<(string name, nn.Module module)> named_modules()
    {
        foreach (var child in named_children()) yield return child;
        foreach (var (child, module) in named_children())
        {
            foreach (var (name, grandchild) in module.named_modules()) yield return ($"{child}.{name}", grandchild);
        }
    }

    public override nn.Module apply(Action<nn.Module> fn)
    {
        foreach (var child in children()) child.apply(fn);
        fn(this);
        return this;
    }

    public override void train(bool on = true) => base.train(on);

    public override void eval()
    {
        base.eval();
        foreach (var child in children()) child.eval();
    }

    protected internal override nn.Module _to(ScalarType dtype, bool non_blocking)
    {
        foreach (var child in children()) child._to(dtype, non_blocking);
        return this;
    }

    protected internal override nn.Module _to(Device device, ScalarType dtype, bool non_blocking)
    {
        foreach (var child in children()) child._to(device, dtype, non_blocking);
        return this;
    }

    protected internal override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
    {
        foreach (var child in children()) child._to(deviceType, deviceIndex, non_blocking);
        return this;
    }

    private Sequential Slice(int start, int end)
    {
        if (start < 0 || start > Count) throw new IndexOutOfRangeException($"{start} is not a valid index.");
        if (end < 0 || end > Count) throw new IndexOutOfRangeException($"{end} is not a valid index.");
        return new Sequential(_items.GetRange(start, Math.Max(0, end - start)));
    }
}

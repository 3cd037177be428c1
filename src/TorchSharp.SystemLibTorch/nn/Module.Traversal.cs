using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>Persistent buffers. As with TorchSharp, include_nonpersistent changes nothing: the others are never listed.</summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
                foreach (var (name, (buffer, persistent)) in _internal_buffers)
                {
                    if (persistent && IsNew(buffer, seen)) yield return (name, buffer);
                }

                if (!recurse) yield break;
                foreach (var (child, module) in _internal_submodules)
                {
                    foreach (var (name, buffer) in module.named_buffers(true, include_nonpersistent))
                    {
                        if (IsNew(buffer, seen)) yield return ($"{child}.{name}", buffer);
                    }
                }
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(named => named.buffer);

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
                foreach (var (name, parameter) in _internal_params)
                {
                    if (IsNew(parameter, seen)) yield return (name, parameter);
                }

                if (!recurse) yield break;
                foreach (var (child, module) in _internal_submodules)
                {
                    foreach (var (name, parameter) in module.named_parameters(true))
                    {
                        if (IsNew(parameter, seen)) yield return ($"{child}.{name}", parameter);
                    }
                }
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) =>
                named_parameters(recurse).Select(named => named.parameter);

            public virtual IEnumerable<(string name, Module module)> named_children() => _internal_submodules;

            public virtual IEnumerable<Module> children() => named_children().Select(named => named.module);

            /// <summary>Every module below this one: the children first, then what is below each of them.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var child in _internal_submodules) yield return child;
                foreach (var (child, module) in _internal_submodules)
                {
                    foreach (var (name, grandchild) in module.named_modules()) yield return ($"{child}.{name}", grandchild);
                }
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(named => named.module);

            public virtual bool has_buffer(string target) =>
                _internal_buffers.ContainsKey(target) || Below(target).Any(below => below.Module.has_buffer(below.Name));

            public virtual bool has_parameter(string target) =>
                _internal_params.ContainsKey(target) || Below(target).Any(below => below.Module.has_parameter(below.Name));

            public virtual Tensor? get_buffer(string target)
            {
                ArgumentNullException.ThrowIfNull(target);
                return _internal_buffers.TryGetValue(target, out var found)
                    ? found.Item1
                    : Below(target).Select(below => below.Module.get_buffer(below.Name)).FirstOrDefault(buffer => buffer is not null);
            }

            public virtual Parameter? get_parameter(string target) => _internal_params.TryGetValue(target, out var found)
                ? found
                : Below(target).Select(below => below.Module.get_parameter(below.Name)).FirstOrDefault(parameter => parameter is not null);

            /// <summary>Whether a tensor is alive and was not met before; the wrapper counts, not what it wraps.</summary>
            private protected static bool IsNew(Tensor tensor, HashSet<Tensor> seen) => !tensor.IsInvalid && seen.Add(tensor);

            private IEnumerable<(Module Module, string Name)> Below(string target)
            {
                var dot = target.IndexOf('.', StringComparison.Ordinal);
                if (dot < 0) return [];
                return named_children().Where(named => named.name == target[..dot]).Select(named => (named.module, target[(dot + 1)..]));
            }
        }
    }
}

using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>The base of every layer: parameters, buffers and submodules by name, a mode, a place, and a life time.</summary>
        public partial class Module : IDisposable
        {
            protected string? name;
            private bool _training = true;
            private bool _disposed;

            protected Module(string name) => this.name = name;

            ~Module() => Dispose(false);

            public virtual bool training
            {
                get
                {
                    ObjectDisposedException.ThrowIf(_disposed, this);
                    return _training;
                }
            }

            public virtual string GetName() => string.IsNullOrEmpty(name) ? GetType().Name : name;

            public virtual void train(bool train = true)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                _training = train;
                foreach (var (_, child) in named_children()) child.train(train);
            }

            public virtual void eval() => train(false);

            public virtual Module apply(Action<Module> fn)
            {
                foreach (var (_, child) in _internal_submodules) child.apply(fn);
                fn(this);
                return this;
            }

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var (_, parameter) in named_parameters())
                {
                    using var gradient = parameter.grad;
                    if (gradient is null) continue;
                    if (set_to_none) parameter.grad = null;
                    else gradient.zero_();
                }
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing || _disposed) return;
                foreach (var buffer in buffers(false).ToList()) buffer.DetachFromDisposeScope().Dispose();
                foreach (var parameter in parameters(false).ToList()) parameter.DetachFromDisposeScope().Dispose();
                foreach (var module in modules().ToList()) module.Dispose();
                _disposed = true;
            }
        }
    }
}

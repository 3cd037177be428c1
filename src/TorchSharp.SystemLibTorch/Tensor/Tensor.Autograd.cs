using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        private static readonly Operator RetainGrad = new("retain_grad");

        public bool requires_grad
        {
            get => Describe().RequiresGrad != 0;
            set
            {
                NativeError.Check(NativeMethods.nst_tensor_set_requires_grad(Handle, value ? 1 : 0));
                GC.KeepAlive(this);
            }
        }

        /// <summary>The accumulated gradient in a wrapper of its own, or null.</summary>
        public Tensor? grad
        {
            get
            {
                var found = OwnGradHandle();
                return found == 0 ? null : new Tensor(found);
            }

            set
            {
                NativeError.Check(NativeMethods.nst_tensor_set_grad(Handle, value is null ? 0 : value.Handle));
                GC.KeepAlive(this);
                GC.KeepAlive(value);
            }
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            // Asked for only where it changes something: factories call this on every tensor they make.
            if (requires_grad || this.requires_grad) this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        /// <summary>Zeroes the gradient, where there is one, without a wrapper for it.</summary>
        internal void ClearGrad()
        {
            var gradient = OwnGradHandle();
            if (gradient == 0) return;
            try
            {
                ZeroInPlace.Discard(Argument.Borrowed(gradient));
            }
            finally
            {
                NativeMethods.nst_tensor_release(gradient);
            }
        }

        public void retain_grad() => RetainGrad.Execute(this);

        public void backward(
            IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);

        private nint OwnGradHandle()
        {
            nint found;
            NativeError.Check(NativeMethods.nst_tensor_grad(Handle, &found));
            GC.KeepAlive(this);
            return found;
        }
    }
}

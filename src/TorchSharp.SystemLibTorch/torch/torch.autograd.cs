using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static unsafe class autograd
    {
        [Flags]
        private enum BackwardFlags
        {
            None = 0,
            RetainGraph = 1,
            CreateGraph = 2,
            AllowUnused = 4,
            ReturnGradients = 8,
        }

        public static IList<Tensor> grad(
            IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false,
            bool create_graph = false, bool allow_unused = false)
        {
            var flags = BackwardFlags.ReturnGradients | Graph(retain_graph, create_graph);
            if (allow_unused) flags |= BackwardFlags.AllowUnused;
            return Operator.TakeList(Run(outputs, grad_outputs, inputs, flags)).ToList();
        }

        public static void backward(
            IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false,
            IList<Tensor>? inputs = null) => Run(tensors, grad_tensors, inputs, Graph(retain_graph ?? create_graph, create_graph));

        public static void backward(
            Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false,
            IList<Tensor>? inputs = null) => backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(
            Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        private static BackwardFlags Graph(bool retain, bool create) =>
            (retain ? BackwardFlags.RetainGraph : BackwardFlags.None) | (create ? BackwardFlags.CreateGraph : BackwardFlags.None);

        private static NativeValue Run(IList<Tensor> outputs, IList<Tensor>? gradients, IList<Tensor>? inputs, BackwardFlags flags)
        {
            nint[] roots = Handles(outputs), seeds = Handles(gradients ?? []), leaves = Handles(inputs ?? []);
            NativeValue result;
            fixed (nint* root = roots, seed = seeds, leaf = leaves)
            {
                NativeError.Check(NativeMethods.nst_backward(
                    root, roots.Length, seed, seeds.Length, leaf, leaves.Length, (int)flags, &result));
            }

            GC.KeepAlive(outputs);
            GC.KeepAlive(gradients);
            GC.KeepAlive(inputs);
            return result;
        }

        private static nint[] Handles(IList<Tensor> tensors)
        {
            var handles = new nint[tensors.Count];
            for (var i = 0; i < handles.Length; i++) handles[i] = tensors[i].Handle;
            return handles;
        }
    }
}

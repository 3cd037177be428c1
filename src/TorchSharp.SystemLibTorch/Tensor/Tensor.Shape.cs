using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator Alias = new("alias");
        private static readonly Operator Clone = new("clone");
        private static readonly Operator Contiguous = new("contiguous");
        private static readonly Operator Detach = new("detach");
        private static readonly Operator DetachInPlace = new("detach_");
        private static readonly Operator Expand = new("expand");
        private static readonly Operator ExpandAs = new("expand_as");
        private static readonly Operator FlattenUsingInts = new("flatten", "using_ints");
        private static readonly Operator MovedimIntlist = new("movedim", "intlist");
        private static readonly Operator NumpyT = new("numpy_T");
        private static readonly Operator Permute = new("permute");
        private static readonly Operator Repeat = new("repeat");
        private static readonly Operator Reshape = new("reshape");
        private static readonly Operator Swapaxes = new("swapaxes");
        private static readonly Operator Unfold = new("unfold");
        private static readonly Operator Unsqueeze = new("unsqueeze");
        private static readonly Operator UnsqueezeInPlace = new("unsqueeze_");
        private static readonly Operator View = new("view");

        public Tensor view(params long[] shape) => View.Call(this, shape);

        public Tensor reshape(params long[] shape) => Reshape.Call(this, shape);

        public Tensor permute(params long[] permutation) => Permute.Call(this, permutation);

        public Tensor permute(IEnumerable<long> permutation) => permute(permutation.ToArray());

        public Tensor flatten(long start_dim = 0, long end_dim = -1) => FlattenUsingInts.Call(this, start_dim, end_dim);

        public Tensor unsqueeze(long dim) => Unsqueeze.Call(this, dim);

        public Tensor unsqueeze_(long dim) => UnsqueezeInPlace.InPlace(this, dim);

        public Tensor squeeze(long? dim = null) => dim is null ? Squeeze.Call(this) : SqueezeDim.Call(this, dim.Value);

        private static readonly Operator Squeeze = new("squeeze");

        private static readonly Operator SqueezeDim = new("squeeze", "dim");

        public Tensor expand(params long[] sizes) => Expand.Call(this, sizes);

        public Tensor expand(long[] sizes, bool isImplicit = false) => Expand.Call(this, sizes, isImplicit);

        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => Expand.Call(this, sizes, isImplicit);

        public Tensor expand_as(Tensor other) => ExpandAs.Call(this, other);

        public Tensor repeat(params long[] sizes) => Repeat.Call(this, sizes);

        public Tensor contiguous() => Contiguous.Call(this);

        public Tensor movedim(long[] source, long[] destination) => MovedimIntlist.Call(this, source, destination);

        public Tensor swapaxes(long dim0, long dim1) => Swapaxes.Call(this, dim0, dim1);

        public Tensor unfold(long dimension, long size, long step) => Unfold.Call(this, dimension, size, step);

        public Tensor clone() => Clone.Call(this);

        public Tensor detach() => Detach.Call(this);

        public Tensor detach_() => DetachInPlace.InPlace(this);

        public Tensor alias() => Alias.Call(this);

        private Tensor numpy_T() => NumpyT.Call(this);
    }
}

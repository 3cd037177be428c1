using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator Argsort = new("argsort");
        private static readonly Operator Bincount = new("bincount");
        private static readonly Operator Chunk = new("chunk");
        private static readonly Operator Flip = new("flip");
        private static readonly Operator Gather = new("gather");
        private static readonly Operator IndexAdd = new("index_add");
        private static readonly Operator IndexAddInPlace = new("index_add_");
        private static readonly Operator IndexCopyInPlace = new("index_copy_");
        private static readonly Operator IndexFillInPlaceIntScalar = new("index_fill_", "int_Scalar");
        private static readonly Operator IndexSelect = new("index_select");
        private static readonly Operator MaskedFillInPlaceScalar = new("masked_fill_", "Scalar");
        private static readonly Operator MaskedFillScalar = new("masked_fill", "Scalar");
        private static readonly Operator MaskedSelect = new("masked_select");
        private static readonly Operator Multinomial = new("multinomial");
        private static readonly Operator Narrow = new("narrow");
        private static readonly Operator Nonzero = new("nonzero");
        private static readonly Operator RepeatInterleaveSelfInt = new("repeat_interleave", "self_int");
        private static readonly Operator Roll = new("roll");
        private static readonly Operator ScatterAdd = new("scatter_add");
        private static readonly Operator ScatterAddInPlace = new("scatter_add_");
        private static readonly Operator ScatterInPlaceSrc = new("scatter_", "src");
        private static readonly Operator ScatterSrc = new("scatter", "src");
        private static readonly Operator SelectInt = new("select", "int");
        private static readonly Operator SliceTensor = new("slice", "Tensor");
        private static readonly Operator SortStable = new("sort", "stable");
        private static readonly Operator SplitTensor = new("split", "Tensor");
        private static readonly Operator SplitWithSizes = new("split_with_sizes");
        private static readonly Operator Topk = new("topk");
        private static readonly Operator UnbindInt = new("unbind", "int");
        private static readonly Operator WhereSelf = new("where", "self");

        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) =>
            Topk.Pair(this, (long)k, (long)dim, largest, sorted);

        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) =>
            SortStable.Pair(this, stable, dim, descending);

        public Tensor argsort(long dim = -1, bool descending = false) => Argsort.Call(this, dim, descending);

        public Tensor index_select(long dim, Tensor index) => IndexSelect.Call(this, dim, index);

        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) =>
            IndexAdd.Call(this, dim, index, source, alpha);

        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) =>
            IndexAddInPlace.InPlace(this, dim, index, source, alpha);

        public Tensor index_copy_(long dim, Tensor index, Tensor source) => IndexCopyInPlace.InPlace(this, dim, index, source);

        public Tensor index_fill_(long dim, Tensor index, Scalar value) =>
            IndexFillInPlaceIntScalar.InPlace(this, dim, index, value);

        public Tensor scatter(long dim, Tensor index, Tensor src) => ScatterSrc.Call(this, dim, index, src);

        public Tensor scatter_(long dim, Tensor index, Tensor src) => ScatterInPlaceSrc.InPlace(this, dim, index, src);

        public Tensor scatter_add(long dim, Tensor index, Tensor src) => ScatterAdd.Call(this, dim, index, src);

        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => ScatterAddInPlace.InPlace(this, dim, index, src);

        public Tensor gather(long dim, Tensor index) => Gather.Call(this, dim, index);

        public Tensor masked_fill(Tensor mask, Scalar value) => MaskedFillScalar.Call(this, mask, value);

        public Tensor masked_fill_(Tensor mask, Scalar value) => MaskedFillInPlaceScalar.InPlace(this, mask, value);

        public Tensor masked_select(Tensor mask) => MaskedSelect.Call(this, mask);

        public Tensor where(Tensor condition, Tensor y) => condition.dtype == ScalarType.Bool
            ? WhereSelf.Call(condition, this, y)
            : throw new ArgumentException("The condition to 'where' must be a boolean tensor.");

        public Tensor nonzero() => Nonzero.Call(this);

        public Tensor narrow(long dim, long start, long length) => Narrow.Call(this, dim, start, length);

        public Tensor select(long dim, long index) => SelectInt.Call(this, dim, index);

        public Tensor slice(long dim, long start, long finish, long step) => SliceTensor.Call(this, dim, start, finish, step);

        public Tensor[] split(long size, int dim = 0) => SplitTensor.Tensors(this, size, (long)dim);

        public Tensor[] split(long[] sizes, long dim = 0) => SplitWithSizes.Tensors(this, sizes, dim);

        public Tensor[] chunk(long chunks, long dim = 0) => Chunk.Tensors(this, chunks, dim);

        public Tensor[] unbind(long dimension = 0) => UnbindInt.Tensors(this, dimension);

        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) =>
            RepeatInterleaveSelfInt.Call(this, repeats, Argument.Optional(dim));

        public Tensor bincount(Tensor? weights, long minlength = 0) =>
            Bincount.Call(this, Argument.Optional(weights), minlength);

        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) =>
            Multinomial.Call(this, num_samples, replacement, Argument.Optional(generator));

        public Tensor flip(params long[] dims) => Flip.Call(this, dims);

        public Tensor roll(long[] shifts, long[] dims) => Roll.Call(this, shifts, dims);

        public Tensor roll(long shifts, long? dims = null) =>
            Roll.Call(this, new[] { shifts }, dims is null ? [] : new[] { dims.Value });
    }
}

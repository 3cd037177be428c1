using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator IndexTensor = new("index", "Tensor");
        private static readonly Operator IndexPutInPlace = new("index_put_");
        private static readonly Operator SliceDim = new("slice", "Tensor");
        private static readonly Operator SelectDim = new("select", "int");

        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => At(i1);
            set => SetAt(value, i1);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => At(i1, i2);
            set => SetAt(value, i1, i2);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => At(i1, i2, i3);
            set => SetAt(value, i1, i2, i3);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => At(i1, i2, i3, i4);
            set => SetAt(value, i1, i2, i3, i4);
        }

        public Tensor index(params Tensor[] indices) => IndexTensor.Call(this, Argument.OptionalList(indices));

        public Tensor index(params TensorIndex[] indices)
        {
            using var scope = NewDisposeScope();
            var view = Walk(indices, out var gathered);
            if (gathered is not null) view = IndexTensor.Call(view, gathered.Value);
            return view.MoveToOuterDisposeScope();
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) =>
            IndexPutInPlace.InPlace(this, Argument.OptionalList(indices), value);

        public Tensor index_put_(Scalar value, params Tensor[] indices)
        {
            using var filler = full([], value, dtype, device);
            return index_put_(filler, indices);
        }

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            using var scope = NewDisposeScope();
            var view = Walk(indices, out var gathered);
            var trimmed = WithoutLeadingOnes(value);
            if (gathered is null) view.copy_(trimmed);
            else IndexPutInPlace.InPlace(view, gathered.Value, trimmed);
            return this;
        }

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using var filler = full([], value, dtype, device);
            return index_put_(filler, indices);
        }

        private Tensor At(params ReadOnlySpan<long> positions)
        {
            Tensor result = SelectDim.Call(this, 0L, positions[0]);
            foreach (var position in positions[1..])
            {
                using var outer = result;
                result = SelectDim.Call(outer, 0L, position);
            }

            return result;
        }

        private void SetAt(Tensor value, params ReadOnlySpan<long> positions)
        {
            using var place = At(positions);
            place.copy_(value);
        }

        /// <summary>
        /// Walks the dimensions: positions, slices and new axes become views one after the other; the tensors among the indices
        /// are for the caller to apply, in one call, to the view it is given. Everything made on the way is in the caller's scope.
        /// </summary>
        private Tensor Walk(TensorIndex[] indices, out Argument? gathered)
        {
            var hidden = ndim - indices.Sum(Consumes);
            if (hidden < 0) throw new ExternalException($"too many indices for tensor of dimension {ndim}");
            var view = alias();
            var tensors = new List<Tensor?>();
            foreach (var index in indices) view = Step(index, view, tensors, hidden);
            gathered = tensors.Exists(tensor => tensor is not null) ? Argument.OptionalList([.. tensors]) : default(Argument?);
            return view;
        }

        /// <summary>The place in <paramref name="tensors"/> is the dimension of the view that the walk has come to.</summary>
        private Tensor Step(TensorIndex index, Tensor view, List<Tensor?> tensors, long hidden)
        {
            var dim = tensors.Count;
            switch (index.Kind)
            {
                case TensorIndex.IndexKind.Single:
                    return SelectDim.Call(view, (long)dim, Within(view.size(dim), index.Start ?? 0, dim));
                case TensorIndex.IndexKind.NewAxis:
                    tensors.Add(null);
                    return view.unsqueeze(dim);
                case TensorIndex.IndexKind.Slice:
                    if (index.Step <= 0) throw new ExternalException("step must be greater than zero");
                    tensors.Add(null);
                    return SliceDim.Call(view, (long)dim, Argument.Optional(index.Start), Argument.Optional(index.Stop), index.Step ?? 1);
                case TensorIndex.IndexKind.Ellipsis:
                    for (long i = 0; i < hidden; i++) tensors.Add(null);
                    return view;
                case TensorIndex.IndexKind.Bool:
                    tensors.Add(torch.tensor(new[] { index.Start == 1 }, device: device));
                    return view.unsqueeze(dim);
                default:
                    tensors.Add(index.Of);
                    return view;
            }
        }

        private static long Within(long size, long position, int dim) => position >= -size && position < size
            ? position
            : throw new ExternalException($"index {position} is out of bounds for dimension {dim} with size {size}");

        /// <summary>The number of dimensions an index takes up; a mask takes its own.</summary>
        private static long Consumes(TensorIndex index) => index.Kind switch
        {
            TensorIndex.IndexKind.NewAxis or TensorIndex.IndexKind.Bool or TensorIndex.IndexKind.Ellipsis => 0,
            TensorIndex.IndexKind.Tensor when index.Of is { dtype: ScalarType.Bool or ScalarType.Byte } mask => mask.ndim,
            _ => 1,
        };

        private static Tensor WithoutLeadingOnes(Tensor value)
        {
            var sizes = value.shape;
            var ones = sizes.TakeWhile(size => size == 1).Count();
            return ones == 0 ? value : value.reshape(sizes[ones..]);
        }
    }
}

using System.Runtime.CompilerServices;
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

        public Tensor index(params TensorIndex[] indices) => Resolve(indices, forWriting: false, out _);

        public Tensor index_put_(Tensor value, params Tensor[] indices) =>
            IndexPutInPlace.InPlace(this, Argument.OptionalList(indices), value);

        public Tensor index_put_(Scalar value, params Tensor[] indices)
        {
            using var filler = full([], value, dtype, device);
            return index_put_(filler, indices);
        }

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            using var view = Resolve(indices, forWriting: true, out var rest);
            if (rest is null) view.copy_(value);
            else IndexPutInPlace.InPlace(view, Argument.OptionalList(rest), value);
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
        /// Walks the dimensions: positions, slices and new axes become views one after the other; tensors are gathered in one
        /// call at the end, or, for writing, left to the caller in <paramref name="gathered"/>.
        /// </summary>
        private Tensor Resolve(TensorIndex[] indices, bool forWriting, out Tensor?[]? gathered)
        {
            using var scope = NewDisposeScope();
            var view = alias();
            var tensors = new List<Tensor?>();
            for (var i = 0; i < indices.Length; i++)
            {
                var hidden = view.ndim - tensors.Count - indices[(i + 1)..].Sum(Consumes);
                view = Apply(indices[i], view, tensors, hidden);
            }

            var any = tensors.Any(t => t is not null);
            gathered = any && forWriting ? tensors.ToArray() : null;
            foreach (var tensor in gathered ?? []) tensor?.MoveToOuterDisposeScope();
            if (any && !forWriting) view = IndexTensor.Call(view, Argument.OptionalList(tensors.ToArray()));
            return view.MoveToOuterDisposeScope();
        }

        /// <summary>One step of the walk; the place in <paramref name="tensors"/> is the dimension of the view it has come to.</summary>
        private Tensor Apply(TensorIndex index, Tensor view, List<Tensor?> tensors, long hidden)
        {
            long dim = tensors.Count;
            switch (index.Kind)
            {
                case TensorIndex.IndexKind.Single:
                    return SelectDim.Call(view, dim, index.Start ?? 0);
                case TensorIndex.IndexKind.NewAxis:
                    tensors.Add(null);
                    return view.unsqueeze(dim);
                case TensorIndex.IndexKind.Slice:
                    tensors.Add(null);
                    return SliceDim.Call(view, dim, Argument.Optional(index.Start), Argument.Optional(index.Stop), index.Step ?? 1);
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

        private static long Consumes(TensorIndex index) =>
            index.Kind is TensorIndex.IndexKind.NewAxis or TensorIndex.IndexKind.Bool or TensorIndex.IndexKind.Ellipsis ? 0 : 1;
    }
}

using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator All = new("all");
        private static readonly Operator AllDim = new("all", "dim");
        private static readonly Operator Amax = new("amax");
        private static readonly Operator Amin = new("amin");
        private static readonly Operator Any = new("any");
        private static readonly Operator AnyDim = new("any", "dim");
        private static readonly Operator Argmax = new("argmax");
        private static readonly Operator Argmin = new("argmin");
        private static readonly Operator CountNonzeroDimIntList = new("count_nonzero", "dim_IntList");
        private static readonly Operator Cumsum = new("cumsum");
        private static readonly Operator LogSoftmaxInt = new("log_softmax", "int");
        private static readonly Operator Logsumexp = new("logsumexp");
        private static readonly Operator Max = new("max");
        private static readonly Operator MaxDim = new("max", "dim");
        private static readonly Operator Mean = new("mean");
        private static readonly Operator MeanDim = new("mean", "dim");
        private static readonly Operator Median = new("median");
        private static readonly Operator Min = new("min");
        private static readonly Operator MinDim = new("min", "dim");
        private static readonly Operator NormScalar = new("norm", "Scalar");
        private static readonly Operator NormScalarOptDim = new("norm", "ScalarOpt_dim");
        private static readonly Operator Prod = new("prod");
        private static readonly Operator ProdDimInt = new("prod", "dim_int");
        private static readonly Operator SoftmaxInt = new("softmax", "int");
        private static readonly Operator Std = new("std");
        private static readonly Operator StdDim = new("std", "dim");
        private static readonly Operator Sum = new("sum");
        private static readonly Operator SumDimIntList = new("sum", "dim_IntList");
        private static readonly Operator Var = new("var");
        private static readonly Operator VarDim = new("var", "dim");

        public Tensor sum(ScalarType? type = null) => Sum.Call(this, Argument.Optional(type));

        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) =>
            SumDimIntList.Call(this, dim, keepdim, Argument.Optional(type));

        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) =>
            SumDimIntList.Call(this, dim, keepdim, Argument.Optional(type));

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) =>
            SumDimIntList.Call(this, new[] { dim }, keepdim, Argument.Optional(type));

        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) =>
            SumDimIntList.Call(this, new[] { dim0, dim1 }, keepdim, Argument.Optional(type));

        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null) =>
            SumDimIntList.Call(this, new[] { dim0, dim1, dim2 }, keepdim, Argument.Optional(type));

        public Tensor mean() => Mean.Call(this);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
            MeanDim.Call(this, dimensions, keepdim, Argument.Optional(type));

        public Tensor std(bool unbiased = true) => Std.Call(this, unbiased);

        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            StdDim.Call(this, new[] { dim }, unbiased, keepdim);

        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            StdDim.Call(this, dimensions, unbiased, keepdim);

        public Tensor var(bool unbiased = true) => Var.Call(this, unbiased);

        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            VarDim.Call(this, new[] { dim }, unbiased, keepdim);

        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            VarDim.Call(this, dimensions, unbiased, keepdim);

        public Tensor prod(ScalarType? type = null) => Prod.Call(this, Argument.Optional(type));

        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) =>
            ProdDimInt.Call(this, dim, keepdim, Argument.Optional(type));

        public Tensor max() => Max.Call(this);

        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => MaxDim.Pair(this, dim, keepdim);

        public Tensor min() => Min.Call(this);

        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => MinDim.Pair(this, dim, keepdim);

        public Tensor amax(params long[] dims) => Amax.Call(this, dims);

        public Tensor amin(params long[] dims) => Amin.Call(this, dims);

        public Tensor argmax() => Argmax.Call(this);

        public Tensor argmax(long dim, bool keepdim = false) => Argmax.Call(this, dim, keepdim);

        public Tensor argmin() => Argmin.Call(this);

        public Tensor argmin(long dim, bool keepdim = false) => Argmin.Call(this, dim, keepdim);

        public Tensor median() => Median.Call(this);

        public Tensor all() => All.Call(this);

        public Tensor all(long dim, bool keepdim = false) => AllDim.Call(this, dim, keepdim);

        public Tensor any() => Any.Call(this);

        public Tensor any(long dim, bool keepdim = false) => AnyDim.Call(this, dim, keepdim);

        public Tensor count_nonzero(long[]? dims = null) => CountNonzeroDimIntList.Call(this, dims ?? []);

        public Tensor cumsum(long dim, ScalarType? type = null) => Cumsum.Call(this, dim, Argument.Optional(type));

        public Tensor norm(float p = 2) => NormScalar.Call(this, (double)p);

        public Tensor norm(int dim, bool keepdim = false, float p = 2) =>
            NormScalarOptDim.Call(this, (double)p, new[] { (long)dim }, keepdim);

        public Tensor logsumexp(long dim, bool keepdim = false) => Logsumexp.Call(this, new[] { dim }, keepdim);

        public Tensor softmax(long dim, ScalarType? dtype = null) => SoftmaxInt.Call(this, dim, Argument.Optional(dtype));

        public Tensor log_softmax(long dim, ScalarType? dtype = null) =>
            LogSoftmaxInt.Call(this, dim, Argument.Optional(dtype));
    }
}

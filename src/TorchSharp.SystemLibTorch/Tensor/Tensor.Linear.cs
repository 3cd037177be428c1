using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator Addmm = new("addmm");
        private static readonly Operator Bmm = new("bmm");
        private static readonly Operator Diag = new("diag");
        private static readonly Operator Dot = new("dot");
        private static readonly Operator Matmul = new("matmul");
        private static readonly Operator Mm = new("mm");
        private static readonly Operator Mv = new("mv");
        private static readonly Operator Outer = new("outer");
        private static readonly Operator TransposeInt = new("transpose", "int");
        private static readonly Operator TransposeT = new("t");
        private static readonly Operator Tril = new("tril");
        private static readonly Operator Triu = new("triu");

        public Tensor mm(Tensor target) => Mm.Call(this, target);

        public Tensor matmul(Tensor target) => Matmul.Call(this, target);

        public Tensor bmm(Tensor batch2) => Bmm.Call(this, batch2);

        public Tensor mv(Tensor target) => Mv.Call(this, target);

        public Tensor dot(Tensor target) => Dot.Call(this, target);

        public Tensor outer(Tensor vec2) => Outer.Call(this, vec2);

        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) =>
            Addmm.Call(this, mat1, mat2, (double)beta, (double)alpha);

        public Tensor t() => TransposeT.Call(this);

        public Tensor T => numpy_T();

        public Tensor transpose(long dim0, long dim1) => TransposeInt.Call(this, dim0, dim1);

        public Tensor tril(long diagonal = 0) => Tril.Call(this, diagonal);

        public Tensor triu(long diagonal = 0) => Triu.Call(this, diagonal);

        public Tensor diag(long diagonal = 0) => Diag.Call(this, diagonal);
    }
}

using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator Allclose = new("allclose");
        private static readonly Operator BitwiseAndTensor = new("bitwise_and", "Tensor");
        private static readonly Operator BitwiseOrTensor = new("bitwise_or", "Tensor");
        private static readonly Operator BitwiseXorTensor = new("bitwise_xor", "Tensor");
        private static readonly Operator EqScalar = new("eq", "Scalar");
        private static readonly Operator EqTensor = new("eq", "Tensor");
        private static readonly Operator Equal = new("equal");
        private static readonly Operator GeScalar = new("ge", "Scalar");
        private static readonly Operator GeTensor = new("ge", "Tensor");
        private static readonly Operator GtScalar = new("gt", "Scalar");
        private static readonly Operator GtTensor = new("gt", "Tensor");
        private static readonly Operator Isclose = new("isclose");
        private static readonly Operator LeScalar = new("le", "Scalar");
        private static readonly Operator LeTensor = new("le", "Tensor");
        private static readonly Operator LogicalAnd = new("logical_and");
        private static readonly Operator LogicalOr = new("logical_or");
        private static readonly Operator LogicalXor = new("logical_xor");
        private static readonly Operator LtScalar = new("lt", "Scalar");
        private static readonly Operator LtTensor = new("lt", "Tensor");
        private static readonly Operator NeScalar = new("ne", "Scalar");
        private static readonly Operator NeTensor = new("ne", "Tensor");

        public Tensor eq(Tensor target) => EqTensor.Call(this, target);

        public Tensor eq(Scalar target) => EqScalar.Call(this, target);

        public Tensor ne(Tensor target) => NeTensor.Call(this, target);

        public Tensor ne(Scalar target) => NeScalar.Call(this, target);

        public Tensor lt(Tensor target) => LtTensor.Call(this, target);

        public Tensor lt(Scalar target) => LtScalar.Call(this, target);

        public Tensor le(Tensor target) => LeTensor.Call(this, target);

        public Tensor le(Scalar target) => LeScalar.Call(this, target);

        public Tensor gt(Tensor target) => GtTensor.Call(this, target);

        public Tensor gt(Scalar target) => GtScalar.Call(this, target);

        public Tensor ge(Tensor target) => GeTensor.Call(this, target);

        public Tensor ge(Scalar target) => GeScalar.Call(this, target);

        public Tensor logical_and(Tensor other) => LogicalAnd.Call(this, other);

        public Tensor logical_or(Tensor other) => LogicalOr.Call(this, other);

        public Tensor logical_xor(Tensor other) => LogicalXor.Call(this, other);

        public Tensor bitwise_and(Tensor other) => BitwiseAndTensor.Call(this, other);

        public Tensor bitwise_or(Tensor other) => BitwiseOrTensor.Call(this, other);

        public Tensor bitwise_xor(Tensor other) => BitwiseXorTensor.Call(this, other);

        public bool Equals(Tensor target) => Equal.Truth(this, target);

        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
            Allclose.Truth(this, target, rtol, atol, equal_nan);

        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) =>
            Isclose.Call(this, other, rtol, atol, nanEqual);

        public Tensor equal(Tensor target) => eq(target);

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        public override int GetHashCode() => base.GetHashCode();
    }
}

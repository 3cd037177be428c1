using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator AddInPlaceScalar = new("add_", "Scalar");
        private static readonly Operator AddInPlaceTensor = new("add_", "Tensor");
        private static readonly Operator AddScalar = new("add", "Scalar");
        private static readonly Operator AddTensor = new("add", "Tensor");
        private static readonly Operator Addcdiv = new("addcdiv");
        private static readonly Operator AddcdivInPlace = new("addcdiv_");
        private static readonly Operator Addcmul = new("addcmul");
        private static readonly Operator AddcmulInPlace = new("addcmul_");
        private static readonly Operator Atan2 = new("atan2");
        private static readonly Operator DivInPlaceScalarMode = new("div_", "Scalar_mode");
        private static readonly Operator DivInPlaceTensorMode = new("div_", "Tensor_mode");
        private static readonly Operator DivScalarMode = new("div", "Scalar_mode");
        private static readonly Operator DivTensorMode = new("div", "Tensor_mode");
        private static readonly Operator FmodInPlaceScalar = new("fmod_", "Scalar");
        private static readonly Operator FmodInPlaceTensor = new("fmod_", "Tensor");
        private static readonly Operator FmodScalar = new("fmod", "Scalar");
        private static readonly Operator FmodTensor = new("fmod", "Tensor");
        private static readonly Operator LerpInPlaceTensor = new("lerp_", "Tensor");
        private static readonly Operator LerpTensor = new("lerp", "Tensor");
        private static readonly Operator Maximum = new("maximum");
        private static readonly Operator Minimum = new("minimum");
        private static readonly Operator MulInPlaceScalar = new("mul_", "Scalar");
        private static readonly Operator MulInPlaceTensor = new("mul_", "Tensor");
        private static readonly Operator MulScalar = new("mul", "Scalar");
        private static readonly Operator MulTensor = new("mul", "Tensor");
        private static readonly Operator PowInPlaceScalar = new("pow_", "Scalar");
        private static readonly Operator PowInPlaceTensor = new("pow_", "Tensor");
        private static readonly Operator PowTensorScalar = new("pow", "Tensor_Scalar");
        private static readonly Operator PowTensorTensor = new("pow", "Tensor_Tensor");
        private static readonly Operator RemainderInPlaceScalar = new("remainder_", "Scalar");
        private static readonly Operator RemainderInPlaceTensor = new("remainder_", "Tensor");
        private static readonly Operator RemainderScalar = new("remainder", "Scalar");
        private static readonly Operator RemainderTensor = new("remainder", "Tensor");
        private static readonly Operator SubInPlaceScalar = new("sub_", "Scalar");
        private static readonly Operator SubInPlaceTensor = new("sub_", "Tensor");
        private static readonly Operator SubScalar = new("sub", "Scalar");
        private static readonly Operator SubTensor = new("sub", "Tensor");
        private static readonly Operator XlogyScalarOther = new("xlogy", "Scalar_Other");
        private static readonly Operator XlogyTensor = new("xlogy", "Tensor");

        public Tensor add(Tensor target) => AddTensor.Call(this, target);

        public Tensor add(Tensor target, Scalar alpha) => AddTensor.Call(this, target, alpha);

        public Tensor add(Scalar scalar) => AddScalar.Call(this, scalar);

        public Tensor add(Scalar scalar, Scalar alpha) => AddScalar.Call(this, scalar, alpha);

        public Tensor add_(Tensor target) => AddInPlaceTensor.InPlace(this, target);

        public Tensor add_(Tensor target, Scalar alpha) => AddInPlaceTensor.InPlace(this, target, alpha);

        public Tensor add_(Scalar scalar) => AddInPlaceScalar.InPlace(this, scalar);

        public Tensor add_(Scalar scalar, Scalar alpha) => AddInPlaceScalar.InPlace(this, scalar, alpha);

        public Tensor sub(Tensor target) => SubTensor.Call(this, target);

        public Tensor sub(Scalar target) => SubScalar.Call(this, target);

        public Tensor sub_(Tensor target) => SubInPlaceTensor.InPlace(this, target);

        public Tensor sub_(Scalar target) => SubInPlaceScalar.InPlace(this, target);

        public Tensor mul(Tensor target) => MulTensor.Call(this, target);

        public Tensor mul(Scalar target) => MulScalar.Call(this, target);

        public Tensor mul_(Tensor target) => MulInPlaceTensor.InPlace(this, target);

        public Tensor mul_(Scalar target) => MulInPlaceScalar.InPlace(this, target);

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            DivTensorMode.Call(this, target, Rounding(rounding_mode));

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            DivScalarMode.Call(this, target, Rounding(rounding_mode));

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            DivInPlaceTensorMode.InPlace(this, target, Rounding(rounding_mode));

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            DivInPlaceScalarMode.InPlace(this, target, Rounding(rounding_mode));

        public Tensor remainder(Tensor target) => RemainderTensor.Call(this, target);

        public Tensor remainder(Scalar scalar) => RemainderScalar.Call(this, scalar);

        public Tensor remainder_(Tensor target) => RemainderInPlaceTensor.InPlace(this, target);

        public Tensor remainder_(Scalar scalar) => RemainderInPlaceScalar.InPlace(this, scalar);

        public Tensor fmod(Tensor target) => FmodTensor.Call(this, target);

        public Tensor fmod(Scalar scalar) => FmodScalar.Call(this, scalar);

        public Tensor fmod_(Tensor target) => FmodInPlaceTensor.InPlace(this, target);

        public Tensor fmod_(Scalar scalar) => FmodInPlaceScalar.InPlace(this, scalar);

        public Tensor pow(Tensor exponent) => PowTensorTensor.Call(this, exponent);

        public Tensor pow(Scalar exponent) => PowTensorScalar.Call(this, exponent);

        public Tensor pow_(Tensor exponent) => PowInPlaceTensor.InPlace(this, exponent);

        public Tensor pow_(Scalar exponent) => PowInPlaceScalar.InPlace(this, exponent);

        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Addcmul.Call(this, tensor1, tensor2, value);

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            AddcmulInPlace.InPlace(this, tensor1, tensor2, value);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Addcdiv.Call(this, tensor1, tensor2, value);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            AddcdivInPlace.InPlace(this, tensor1, tensor2, value);

        public Tensor lerp(Tensor end, Tensor weight) => LerpTensor.Call(this, end, weight);

        public Tensor lerp_(Tensor end, Tensor weight) => LerpInPlaceTensor.InPlace(this, end, weight);

        public Tensor maximum(Tensor other) => Maximum.Call(this, other);

        public Tensor minimum(Tensor other) => Minimum.Call(this, other);

        public Tensor max(Tensor other) => Maximum.Call(this, other);

        public Tensor min(Tensor other) => Minimum.Call(this, other);

        public Tensor atan2(Tensor other) => Atan2.Call(this, other);

        public Tensor xlogy(Tensor y) => XlogyTensor.Call(this, y);

        public Tensor xlogy(Scalar y) => XlogyScalarOther.Call(this, y);

        private static Argument Rounding(RoundingMode mode) => mode == RoundingMode.None ? Argument.None : mode.ToString();
    }
}

using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator Abs = new("abs");
        private static readonly Operator AbsInPlace = new("abs_");
        private static readonly Operator BitwiseNot = new("bitwise_not");
        private static readonly Operator Ceil = new("ceil");
        private static readonly Operator CeilInPlace = new("ceil_");
        private static readonly Operator Clamp = new("clamp");
        private static readonly Operator ClampInPlace = new("clamp_");
        private static readonly Operator ClampInPlaceTensor = new("clamp_", "Tensor");
        private static readonly Operator ClampMax = new("clamp_max");
        private static readonly Operator ClampMaxInPlace = new("clamp_max_");
        private static readonly Operator ClampMin = new("clamp_min");
        private static readonly Operator ClampMinInPlace = new("clamp_min_");
        private static readonly Operator ClampTensor = new("clamp", "Tensor");
        private static readonly Operator Cos = new("cos");
        private static readonly Operator Erf = new("erf");
        private static readonly Operator Erfinv = new("erfinv");
        private static readonly Operator Exp = new("exp");
        private static readonly Operator ExpInPlace = new("exp_");
        private static readonly Operator Expm1 = new("expm1");
        private static readonly Operator Floor = new("floor");
        private static readonly Operator FloorInPlace = new("floor_");
        private static readonly Operator Frac = new("frac");
        private static readonly Operator Isfinite = new("isfinite");
        private static readonly Operator Isinf = new("isinf");
        private static readonly Operator Isnan = new("isnan");
        private static readonly Operator Lgamma = new("lgamma");
        private static readonly Operator Log = new("log");
        private static readonly Operator Log10 = new("log10");
        private static readonly Operator Log1p = new("log1p");
        private static readonly Operator Log2 = new("log2");
        private static readonly Operator LogInPlace = new("log_");
        private static readonly Operator LogicalNot = new("logical_not");
        private static readonly Operator Logit = new("logit");
        private static readonly Operator NanToNum = new("nan_to_num");
        private static readonly Operator Neg = new("neg");
        private static readonly Operator NegInPlace = new("neg_");
        private static readonly Operator Reciprocal = new("reciprocal");
        private static readonly Operator ReciprocalInPlace = new("reciprocal_");
        private static readonly Operator Relu = new("relu");
        private static readonly Operator ReluInPlace = new("relu_");
        private static readonly Operator RoundDecimals = new("round", "decimals");
        private static readonly Operator Rsqrt = new("rsqrt");
        private static readonly Operator RsqrtInPlace = new("rsqrt_");
        private static readonly Operator Sigmoid = new("sigmoid");
        private static readonly Operator SigmoidInPlace = new("sigmoid_");
        private static readonly Operator Sign = new("sign");
        private static readonly Operator Sin = new("sin");
        private static readonly Operator Sqrt = new("sqrt");
        private static readonly Operator SqrtInPlace = new("sqrt_");
        private static readonly Operator Square = new("square");
        private static readonly Operator Tan = new("tan");
        private static readonly Operator Tanh = new("tanh");
        private static readonly Operator TanhInPlace = new("tanh_");
        private static readonly Operator Trunc = new("trunc");

        public Tensor neg() => Neg.Call(this);

        public Tensor abs() => Abs.Call(this);

        public Tensor exp() => Exp.Call(this);

        public Tensor expm1() => Expm1.Call(this);

        public Tensor log() => Log.Call(this);

        public Tensor log1p() => Log1p.Call(this);

        public Tensor log2() => Log2.Call(this);

        public Tensor log10() => Log10.Call(this);

        public Tensor sqrt() => Sqrt.Call(this);

        public Tensor rsqrt() => Rsqrt.Call(this);

        public Tensor square() => Square.Call(this);

        public Tensor reciprocal() => Reciprocal.Call(this);

        public Tensor sin() => Sin.Call(this);

        public Tensor cos() => Cos.Call(this);

        public Tensor tan() => Tan.Call(this);

        public Tensor tanh() => Tanh.Call(this);

        public Tensor sigmoid() => Sigmoid.Call(this);

        public Tensor relu() => Relu.Call(this);

        public Tensor erf() => Erf.Call(this);

        public Tensor erfinv() => Erfinv.Call(this);

        public Tensor lgamma() => Lgamma.Call(this);

        public Tensor sign() => Sign.Call(this);

        public Tensor floor() => Floor.Call(this);

        public Tensor ceil() => Ceil.Call(this);

        public Tensor trunc() => Trunc.Call(this);

        public Tensor frac() => Frac.Call(this);

        public Tensor isnan() => Isnan.Call(this);

        public Tensor isinf() => Isinf.Call(this);

        public Tensor isfinite() => Isfinite.Call(this);

        public Tensor logical_not() => LogicalNot.Call(this);

        public Tensor bitwise_not() => BitwiseNot.Call(this);

        public Tensor neg_() => NegInPlace.InPlace(this);

        public Tensor abs_() => AbsInPlace.InPlace(this);

        public Tensor exp_() => ExpInPlace.InPlace(this);

        public Tensor log_() => LogInPlace.InPlace(this);

        public Tensor sqrt_() => SqrtInPlace.InPlace(this);

        public Tensor rsqrt_() => RsqrtInPlace.InPlace(this);

        public Tensor reciprocal_() => ReciprocalInPlace.InPlace(this);

        public Tensor tanh_() => TanhInPlace.InPlace(this);

        public Tensor sigmoid_() => SigmoidInPlace.InPlace(this);

        public Tensor relu_() => ReluInPlace.InPlace(this);

        public Tensor floor_() => FloorInPlace.InPlace(this);

        public Tensor ceil_() => CeilInPlace.InPlace(this);

        public Tensor round(long decimals = 0) => RoundDecimals.Call(this, decimals);

        public Tensor logit(double? eps = null) => Logit.Call(this, Argument.Optional(eps));

        public Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null) =>
            NanToNum.Call(this, nan, Argument.Optional(posinf), Argument.Optional(neginf));

        public Tensor clamp(Scalar? min = null, Scalar? max = null) =>
            Clamp.Call(this, Argument.Optional(min), Argument.Optional(max));

        public Tensor clamp(Tensor? min = null, Tensor? max = null) =>
            ClampTensor.Call(this, Argument.Optional(min), Argument.Optional(max));

        public Tensor clamp_(Scalar? min = null, Scalar? max = null) =>
            ClampInPlace.InPlace(this, Argument.Optional(min), Argument.Optional(max));

        public Tensor clamp_(Tensor? min = null, Tensor? max = null) =>
            ClampInPlaceTensor.InPlace(this, Argument.Optional(min), Argument.Optional(max));

        public Tensor clamp_min(Scalar min) => ClampMin.Call(this, min);

        public Tensor clamp_max(Scalar max) => ClampMax.Call(this, max);

        public Tensor clamp_min_(Scalar min) => ClampMinInPlace.InPlace(this, min);

        public Tensor clamp_max_(Scalar max) => ClampMaxInPlace.InPlace(this, max);
    }
}

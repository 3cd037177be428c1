using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            private static readonly Operator Bilinear = new("bilinear");
            private static readonly Operator Linear = new("linear");
            private static readonly Operator OneHot = new("one_hot");

            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) =>
                Linear.Call(input, weights, Argument.Optional(bias));

            public static Tensor bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor? bias = null) =>
                Bilinear.Call(input1, input2, weight, Argument.Optional(bias));

            public static Tensor one_hot(Tensor x, long num_classes = -1)
            {
                if (x.dtype != ScalarType.Int64) throw new ArgumentException("OneHot input tensor must have elements of type Int64");
                return OneHot.Call(x, num_classes);
            }
        }
    }
}

using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            private static readonly Operator Elu = new("elu");
            private static readonly Operator EluInPlace = new("elu_");
            private static readonly Operator Gelu = new("gelu");
            private static readonly Operator GeluInPlace = new("gelu_");
            private static readonly Operator LeakyRelu = new("leaky_relu");
            private static readonly Operator LeakyReluInPlace = new("leaky_relu_");
            private static readonly Operator Selu = new("selu");
            private static readonly Operator SeluInPlace = new("selu_");
            private static readonly Operator Silu = new("silu");
            private static readonly Operator SiluInPlace = new("silu_");
            private static readonly Operator Softplus = new("softplus");

            // An in-place result is a wrapper of its own, so that a Sequential may dispose it and its input one by one.
            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_().alias() : x.relu();

            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) =>
                inplace ? LeakyReluInPlace.InPlace(input, negative_slope).alias() : LeakyRelu.Call(input, negative_slope);

            public static Tensor elu(Tensor x, double alpha, bool inplace = false) =>
                inplace ? EluInPlace.InPlace(x, alpha).alias() : Elu.Call(x, alpha);

            public static Tensor selu(Tensor x, bool inplace = false) => inplace ? SeluInPlace.InPlace(x).alias() : Selu.Call(x);

            public static Tensor gelu(Tensor x) => gelu(x, false);

            public static Tensor gelu(Tensor x, bool inplace) => inplace ? GeluInPlace.InPlace(x).alias() : Gelu.Call(x);

            public static Tensor silu(Tensor x, bool inplace = false) => inplace ? SiluInPlace.InPlace(x).alias() : Silu.Call(x);

            public static Tensor sigmoid(Tensor x) => sigmoid(x, false);

            public static Tensor sigmoid(Tensor x, bool inplace) => inplace ? x.sigmoid_().alias() : x.sigmoid();

            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? x.tanh_().alias() : x.tanh();

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);

            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) => Softplus.Call(x, beta, threshold);
        }
    }
}

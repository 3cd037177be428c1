using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            private static readonly Operator BatchNorm = new("batch_norm");
            private static readonly Operator GroupNorm = new("group_norm");
            private static readonly Operator LayerNorm = new("layer_norm");
            private static readonly Operator NormScalarOptDim = new("norm", "ScalarOpt_dim");

            public static Tensor normalize(Tensor input, double p = 2.0, long dim = 1L, double eps = 1e-12)
            {
                using var norm = NormScalarOptDim.Call(input, p, new[] { dim }, true);
                using var floored = norm.clamp_min(eps);
                return input.div(floored);
            }

            public static Tensor batch_norm(
                Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null, bool training = false,
                double momentum = 0.1, double eps = 1e-5) =>
                BatchNorm.Call(
                    input, Argument.Optional(weight), Argument.Optional(bias), Argument.Optional(running_mean),
                    Argument.Optional(running_var), training, momentum, eps, false);

            public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5) =>
                GroupNorm.Call(input, Positive(num_groups), Argument.Optional(weight), Argument.Optional(bias), eps);

            public static Tensor layer_norm(
                Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5) =>
                LayerNorm.Call(input, normalized_shape, Argument.Optional(weight), Argument.Optional(bias), eps);
        }
    }
}

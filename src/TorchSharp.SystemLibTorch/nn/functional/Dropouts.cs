using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            private static readonly Operator AlphaDropout = new("alpha_dropout");
            private static readonly Operator AlphaDropoutInPlace = new("alpha_dropout_");
            private static readonly Operator Dropout = new("dropout");
            private static readonly Operator DropoutInPlace = new("dropout_");
            private static readonly Operator FeatureAlphaDropout = new("feature_alpha_dropout");
            private static readonly Operator FeatureAlphaDropoutInPlace = new("feature_alpha_dropout_");
            private static readonly Operator FeatureDropout = new("feature_dropout");
            private static readonly Operator FeatureDropoutInPlace = new("feature_dropout_");
            private static readonly Operator SqueezeInPlaceDim = new("squeeze_", "dim");

            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                (inplace ? DropoutInPlace : Dropout).Call(input, p, training);

            public static Tensor dropout1d(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
            {
                using var unsqueezed = input.unsqueeze(-1);
                using var dropped = dropout2d(unsqueezed, p, training, inplace);
                return dropped.squeeze(-1);
            }

            public static Tensor dropout2d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                DropChannels(input, 4, p, training, inplace);

            public static Tensor dropout3d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                DropChannels(input, 5, p, training, inplace);

            public static Tensor alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false) =>
                (inplace ? AlphaDropoutInPlace : AlphaDropout).Call(input, p, training);

            public static Tensor feature_alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false) =>
                (inplace ? FeatureAlphaDropoutInPlace : FeatureAlphaDropout).Call(input, p, training);

            /// <summary>What has not the dimensions of a batch is taken for one sample, as in libtorch's C++ interface.</summary>
            private static Tensor DropChannels(Tensor input, long batched, double p, bool training, bool inplace)
            {
                if (input.dim() == batched) return (inplace ? FeatureDropoutInPlace : FeatureDropout).Call(input, p, training);
                if (inplace)
                {
                    using var changed = FeatureDropoutInPlace.Call(input.unsqueeze_(0), p, training);
                    return SqueezeInPlaceDim.Call(changed, 0L);
                }

                using var sample = input.unsqueeze(0);
                using var dropped = FeatureDropout.Call(sample, p, training);
                return dropped.squeeze(0);
            }
        }
    }
}

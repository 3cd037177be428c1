using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public enum Reduction : long
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }

        public static partial class functional
        {
            private static readonly Operator BinaryCrossEntropy = new("binary_cross_entropy");
            private static readonly Operator BinaryCrossEntropyWithLogits = new("binary_cross_entropy_with_logits");
            private static readonly Operator BroadcastTensors = new("broadcast_tensors");
            private static readonly Operator CrossEntropyLoss = new("cross_entropy_loss");
            private static readonly Operator HuberLoss = new("huber_loss");
            private static readonly Operator KlDiv = new("kl_div");
            private static readonly Operator L1Loss = new("l1_loss");
            private static readonly Operator MseLoss = new("mse_loss");
            private static readonly Operator NllLossNd = new("nll_loss_nd");
            private static readonly Operator SmoothL1Loss = new("smooth_l1_loss");

            public static Tensor cross_entropy(
                Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean,
                double label_smoothing = 0.0) =>
                CrossEntropyLoss.Call(input, target, Argument.Optional(weight), (long)reduction, ignore_index, label_smoothing);

            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
            {
                if (input.ndim < 2) throw new ExternalException($"Expected 2 or more dimensions (got {input.ndim})");
                return NllLossNd.Call(input, target, Argument.Optional(weight), (long)reduction);
            }

            public static Tensor binary_cross_entropy(
                Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
            {
                RequireSameShape(input, target);
                using var expanded = weight?.expand(target.shape);
                return BinaryCrossEntropy.Call(input, target, Argument.Optional(expanded), (long)reduction);
            }

            public static Tensor binary_cross_entropy_with_logits(
                Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null)
            {
                RequireSameShape(input, target);
                return BinaryCrossEntropyWithLogits.Call(
                    input, target, Argument.Optional(weight), Argument.Optional(pos_weights), (long)reduction);
            }

            public static Tensor kl_div(Tensor input, Tensor target, bool log_target = true, Reduction reduction = Reduction.Mean) =>
                KlDiv.Call(input, target, (long)reduction, log_target);

            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                L1Loss.Call(input, target, (long)reduction);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Broadcast(MseLoss, input, target, reduction);

            public static Tensor smooth_l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1.0) =>
                Broadcast(SmoothL1Loss, input, target, reduction, beta);

            public static Tensor huber_loss(Tensor input, Tensor target, double delta = 1.0, Reduction reduction = Reduction.Mean) =>
                Broadcast(HuberLoss, input, target, reduction, delta);

            private static Tensor Broadcast(Operator loss, Tensor input, Tensor target, Reduction reduction, Argument parameter = default)
            {
                if (input.shape.AsSpan().SequenceEqual(target.shape)) return loss.Call(input, target, (long)reduction, parameter);
                var pair = BroadcastTensors.Tensors(Argument.List([input, target]));
                using var left = pair[0];
                using var right = pair[1];
                return loss.Call(left, right, (long)reduction, parameter);
            }

            private static void RequireSameShape(Tensor input, Tensor target)
            {
                if (input.shape.AsSpan().SequenceEqual(target.shape)) return;
                throw new ExternalException(
                    $"Target size ([{string.Join(", ", target.shape)}]) must be the same as input size ([{string.Join(", ", input.shape)}])");
            }
        }
    }
}

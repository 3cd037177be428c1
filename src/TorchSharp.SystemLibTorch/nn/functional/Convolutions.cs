using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace TorchSharp;

public enum PaddingModes
{
    Zeros = 0,
    Reflect = 1,
    Replicate = 2,
    Circular = 3,
    Constant = 4,
}

public enum Padding
{
    Valid = 0,
    Same = 1,
}

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            private static readonly Operator Conv1d = new("conv1d");
            private static readonly Operator Conv1dPadding = new("conv1d", "padding");
            private static readonly Operator Conv2d = new("conv2d");
            private static readonly Operator Conv2dPadding = new("conv2d", "padding");

            public static Tensor conv1d(
                Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, long? padding = null, long? dilation = null,
                long groups = 1) =>
                Conv1d.Call(
                    input, weight, Argument.Optional(bias), new[] { stride ?? 1 }, new[] { padding ?? 0 }, new[] { dilation ?? 1 },
                    Positive(groups));

            public static Tensor conv1d_padding(
                Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, Padding padding = Padding.Valid,
                long? dilation = null, long groups = 1) =>
                Conv1dPadding.Call(
                    input, weight, Argument.Optional(bias), new[] { stride ?? 1 }, NameOf(padding), new[] { dilation ?? 1 }, Positive(groups));

            public static Tensor conv2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null,
                long groups = 1) =>
                Conv2d.Call(
                    input, weight, Argument.Optional(bias), strides ?? [1], padding ?? [0], dilation ?? [1], Positive(groups));

            public static Tensor conv2d_padding(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, Padding padding = Padding.Valid,
                long[]? dilation = null, long groups = 1) =>
                Conv2dPadding.Call(
                    input, weight, Argument.Optional(bias), strides ?? [1], NameOf(padding), dilation ?? [1], Positive(groups));

            private static string NameOf(Padding padding) => padding == Padding.Valid ? "valid" : "same";

            // libtorch 1.13 divides by it unchecked, which ends the process.
            private static long Positive(long groups) => groups > 0
                ? groups
                : throw new ExternalException($"groups must be positive, but got {groups}");
        }
    }
}

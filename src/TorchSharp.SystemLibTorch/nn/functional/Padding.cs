using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            private static readonly Operator Col2im = new("col2im");
            private static readonly Operator Im2col = new("im2col");
            private static readonly Operator Pad = new("pad");

            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                Pad.Call(input, pad, NameOf(mode), value == 0 ? Argument.None : value);

            public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, pad.ToArray(), mode, value);

            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, new[] { pad.Item1, pad.Item2 }, mode, value);

            public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, new[] { pad.Item1, pad.Item2, pad.Item3, pad.Item4 }, mode, value);

            public static Tensor pad(Tensor input, long pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, Enumerable.Repeat(pad, (int)input.ndim * 2).ToArray(), mode, value);

            public static Tensor unfold(Tensor input, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                unfold(input, Both(kernel_size), Both(dilation), Both(padding), Both(stride));

            public static Tensor unfold(
                Tensor input, (long, long) kernel_size, (long, long)? dilation = null, (long, long)? padding = null,
                (long, long)? stride = null)
            {
                if (input.ndim != 4) throw new ExternalException($"Input Error: Only 4D input Tensors are supported (got {input.ndim}D)");
                return Im2col.Call(input, List(kernel_size), List(dilation, 1), List(padding, 0), List(stride, 1));
            }

            public static Tensor fold(
                Tensor input, long output_size, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                fold(input, Both(output_size), Both(kernel_size), Both(dilation), Both(padding), Both(stride));

            public static Tensor fold(
                Tensor input, (long, long) output_size, (long, long) kernel_size, (long, long)? dilation = null,
                (long, long)? padding = null, (long, long)? stride = null) =>
                Col2im.Call(input, List(output_size), List(kernel_size), List(dilation, 1), List(padding, 0), List(stride, 1));

            private static string NameOf(PaddingModes mode) => mode switch
            {
                PaddingModes.Reflect => "reflect",
                PaddingModes.Replicate => "replicate",
                PaddingModes.Circular => "circular",
                _ => "constant",
            };

            private static (long, long) Both(long value) => (value, value);

            private static long[] List((long First, long Second) pair) => [pair.First, pair.Second];

            private static long[] List((long, long)? pair, long otherwise) => List(pair ?? Both(otherwise));
        }
    }
}

using static TorchSharp.torch;

namespace TorchSharp.Modules;

public sealed class Conv1d : Convolution
{
    internal Conv1d(
        long in_channels, long out_channels, long kernel_size, long stride, long? padding, Padding? padding_type, long dilation,
        long groups, bool bias, PaddingModes padding_mode, Device? device, ScalarType? dtype)
        : base(
            nameof(Conv1d), in_channels, out_channels, [kernel_size], [stride], padding is null ? null : [padding.Value], padding_type,
            [dilation], false, [0], groups, bias, padding_mode, device, dtype)
    {
    }

    public override Tensor forward(Tensor input)
    {
        if (!ValidateShape(input, 1))
            throw new ArgumentException($"Expected 2D (unbatched) or 3D (batched) input with {in_channels} channels to Conv1d.");
        if (padding_mode != PaddingModes.Zeros)
        {
            using var padded = nn.functional.pad(input, _reversed_padding_repeated_twice, padding_mode);
            return nn.functional.conv1d(padded, weight, bias, stride[0], 0, dilation[0], groups);
        }

        return padding_type.HasValue
            ? nn.functional.conv1d_padding(input, weight, bias, stride[0], padding_type.Value, dilation[0], groups)
            : nn.functional.conv1d(input, weight, bias, stride[0], padding?[0], dilation[0], groups);
    }
}

public sealed class Conv2d : Convolution
{
    internal Conv2d(
        long in_channels, long out_channels, (long, long) kernel_size, (long, long) stride, (long, long)? padding, Padding? padding_type,
        (long, long) dilation, long groups, bool bias, PaddingModes padding_mode, Device? device, ScalarType? dtype)
        : base(
            nameof(Conv2d), in_channels, out_channels, Both(kernel_size), Both(stride), padding is null ? null : Both(padding.Value),
            padding_type, Both(dilation), false, [0, 0], groups, bias, padding_mode, device, dtype)
    {
    }

    public override Tensor forward(Tensor input)
    {
        if (!ValidateShape(input, 2))
            throw new ArgumentException($"Expected 3D (unbatched) or 4D (batched) input with {in_channels} channels to Conv2d.");
        if (padding_mode != PaddingModes.Zeros)
        {
            using var padded = nn.functional.pad(input, _reversed_padding_repeated_twice, padding_mode);
            return nn.functional.conv2d(padded, weight, bias, stride, [0, 0], dilation, groups);
        }

        return padding_type.HasValue
            ? nn.functional.conv2d_padding(input, weight, bias, stride, padding_type.Value, dilation, groups)
            : nn.functional.conv2d(input, weight, bias, stride, padding, dilation, groups);
    }

    private static long[] Both((long First, long Second) pair) => [pair.First, pair.Second];
}

using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The parameters and the geometry that convolutions of every dimension share.</summary>
public abstract class Convolution : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(bias))]
    protected Parameter? _bias;

    [ComponentName(Name = nameof(weight))]
    protected Parameter? _weight;

    /// <summary>The padding as <c>functional.pad</c> wants it: both ends of a dimension, the last dimension first.</summary>
    protected long[] _reversed_padding_repeated_twice = [];

    protected Convolution(
        string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[]? padding, Padding? padding_type,
        long[] dilation, bool transposed, long[] output_padding, long groups, bool bias, PaddingModes padding_mode,
        Device? device = null, ScalarType? dtype = null)
        : base(name)
    {
        if (transposed && padding_mode != PaddingModes.Zeros)
            throw new ArgumentException("Only PaddingModes.Zeros is supported for ConvTransposeND", nameof(padding_mode));
        if (groups < 1) throw new ArgumentOutOfRangeException(nameof(groups), $"groups must be positive, but got {groups}.");

        this.in_channels = in_channels;
        this.out_channels = out_channels;
        this.kernel_size = kernel_size;
        this.stride = stride;
        this.dilation = dilation;
        this.transposed = transposed;
        this.output_padding = output_padding;
        this.groups = groups;
        this.padding_mode = padding_mode;
        if (padding_type.HasValue) SetPadding(padding_type.Value);
        else SetPadding(padding ?? new long[kernel_size.Length]);

        long[] channels = transposed ? [in_channels, out_channels / groups] : [out_channels, in_channels / groups];
        weight = new Parameter(empty([.. channels, .. kernel_size], dtype, device));
        if (bias) this.bias = new Parameter(empty(out_channels, dtype, device));
        reset_parameters();
    }

    public long in_channels { get; }

    public long out_channels { get; }

    public bool transposed { get; }

    public Padding? padding_type { get; private set; }

    public long[]? padding { get; private set; }

    public PaddingModes padding_mode { get; set; }

    public long groups { get; set; }

    public long[] kernel_size { get; set; }

    public long[] stride { get; set; }

    public long[] dilation { get; set; }

    public long[] output_padding { get; set; }

    public Parameter? bias
    {
        get => _bias;
        set => Assign(ref _bias, value, nameof(bias));
    }

    public Parameter weight
    {
        get => _weight!;
        set => Assign(ref _weight, value ?? throw new ArgumentNullException(nameof(weight)), nameof(weight));
    }

    private protected override bool RemembersDevice => false;

    public void reset_parameters()
    {
        nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        if (bias is null) return;
        var (fanIn, _) = nn.init.CalculateFanInAndFanOut(weight);
        if (fanIn == 0) return;
        var bound = 1 / Math.Sqrt(fanIn);
        nn.init.uniform_(bias, -bound, bound);
    }

    public void SetPadding(long[] padding)
    {
        padding_type = null;
        this.padding = padding;
        _reversed_padding_repeated_twice = padding.Reverse().SelectMany(size => new[] { size, size }).ToArray();
    }

    public void SetPadding(Padding padding)
    {
        if (transposed) throw new ArgumentException("Cannot set padding type on ConvTransposeND");
        if (padding == Padding.Same && stride.Any(step => step != 1))
            throw new ArgumentException("padding='same' is not supported for strided convolutions");
        padding_type = padding;
        this.padding = null;
        _reversed_padding_repeated_twice = padding == Padding.Same ? SamePadding() : new long[kernel_size.Length * 2];
    }

    protected bool ValidateShape(Tensor input, long dimensions)
    {
        var shape = input.shape;
        return (shape.Length == dimensions + 2 && shape[1] == in_channels) || (shape.Length == dimensions + 1 && shape[0] == in_channels);
    }

    // In the order of the dimensions, not reversed: TorchSharp's own arrangement, which kernels that are no squares show.
    private long[] SamePadding()
    {
        var total = kernel_size.Zip(dilation, (size, gap) => gap * (size - 1));
        return total.SelectMany(size => new[] { size / 2, size - (size / 2) }).ToArray();
    }
}

using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Oracle;

/// <summary>A layer that takes its masks from <see cref="SlowNSDropout"/>; it knows no scope and no capture, the test hands it all.</summary>
internal sealed class SlowLayer(int numClasses, double p, bool byCount) : nn.Module<Tensor, Tensor>(nameof(SlowLayer))
{
    private double[,]? validation;
    private long[] validationLabels = [];

    public bool[][]? Masks { get; private set; }

    public long[] Labels { get; set; } = [];

    public override Tensor forward(Tensor input)
    {
        var x = (double[,])input.detach().data<double>().ToNDArray();
        if (!training)
        {
            (validation, validationLabels) = (x, Labels);
            return input.alias();
        }

        if (validation is null) return input.alias();
        Masks = SlowNSDropout.Masks(x, Labels, validation, validationLabels, numClasses, p, Masks);
        var ones = new double[x.GetLength(0), x.GetLength(1)];
        for (var i = 0; i < ones.GetLength(0); i++)
        {
            for (var j = 0; j < ones.GetLength(1); j++)
                ones[i, j] = 1;
        }

        var scales = byCount ? SlowNSDropout.CountScales(Masks) : [.. Masks.Select(_ => 1 / (1 - p))];
        using var scaled = Data.Matrix(SlowNSDropout.Multiply(ones, Labels, Masks, scales));
        return input.mul(scaled);
    }
}

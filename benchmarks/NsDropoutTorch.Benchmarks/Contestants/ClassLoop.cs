using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Benchmarks.Contestants;

/// <summary>NSDropout with the same tensor calls as the layer, one class after the other: what a direct translation to tensors looks like.</summary>
internal static class ClassLoop
{
    /// <summary>The masked output for activations [N,F] or [N,F,H,W], given the validation means [C,F].</summary>
    public static Tensor Forward(Tensor input, Tensor labels, Tensor validationMeans, int k, double scale)
    {
        var features = input.ndim == 2 ? input : input.mean([2L, 3L]);
        var mask = ones_like(features);
        using (no_grad())
        {
            for (var label = 0; label < validationMeans.size(0); label++)
            {
                var rows = labels.eq(label).nonzero().squeeze(1);
                if (rows.size(0) == 0) continue;
                var gap = features.index_select(0, rows).mean([0L]).sub(validationMeans[label]);
                var ofClass = full(gap.size(0), scale).index_fill_(0, gap.topk(k).indexes, 0);
                mask.index_copy_(0, rows, ofClass.expand(rows.size(0), -1));
            }
        }

        return input.mul(input.ndim == 2 ? mask : mask.unsqueeze(2).unsqueeze(3));
    }
}

using System.Runtime.InteropServices;
using TorchSharp.Native;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public sealed class Embedding : nn.Module<Tensor, Tensor>
{
    private static readonly Operator Lookup = new("embedding");
    private static readonly Operator RenormInPlace = new("embedding_renorm_");

    private readonly long? _paddingIndex;
    private readonly double? _maxNorm;
    private readonly double _normType;
    private readonly bool _scaleGradientByFrequency;
    private readonly bool _sparse;

    internal Embedding(
        long rows, long columns, long? paddingIndex, double? maxNorm, double normType, bool scaleGradientByFrequency, bool sparse)
        : base(nameof(Embedding))
    {
        if (paddingIndex >= rows || paddingIndex < -rows) throw new ExternalException("Padding_idx must be within num_embeddings");
        _paddingIndex = paddingIndex < 0 ? paddingIndex + rows : paddingIndex;
        _maxNorm = maxNorm;
        _normType = normType;
        _scaleGradientByFrequency = scaleGradientByFrequency;
        _sparse = sparse;

        // Drawn as float on the CPU and moved by the factory, as libtorch's module is, so that a seed gives the same weights.
        weight = new Parameter(empty(rows, columns, ScalarType.Float32, CPU));
        nn.init.normal_(weight);
        if (_paddingIndex is null) return;
        using var mode = no_grad();
        using var padding = weight.select(0, _paddingIndex.Value);
        padding.zero_();
    }

    [field: ComponentName(Name = nameof(weight))]
    public Parameter? weight
    {
        get;
        set => Assign(ref field, value ?? throw new ArgumentNullException(nameof(weight)), nameof(weight));
    }

    private protected override bool RemembersDevice => false;

    public override Tensor forward(Tensor input)
    {
        if (_maxNorm is not null)
        {
            using var mode = no_grad();
            using var indices = input.contiguous();
            RenormInPlace.InPlace(weight!, indices, _maxNorm.Value, _normType);
        }

        return Lookup.Call(weight!, input, _paddingIndex ?? -1, _scaleGradientByFrequency, _sparse);
    }
}

using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Benchmarks.Contestants;

/// <summary>
/// Everything that masks activations of one shape: the layer with a filled cache, ordinary dropout, a loop over classes, plain loops, and the
/// floor, one multiplication by a mask that is already there, which no dropout can beat.
/// </summary>
internal sealed class LayerBench : IDisposable
{
    private const double P = 0.2;
    private const int Batches = 32;
    private readonly Tensor _input, _gradient, _mask, _table, _validationMeans;
    private readonly Tensor[] _batches;
    private readonly nn.Module<Tensor, Tensor> _dropout;
    private readonly NSDropoutModule _layer;
    private readonly int _k;
    private readonly double _scale;
    private ReferenceLoops? _loops;
    private float[]? _plainGradient;
    private int _next;

    public LayerBench(long[] shape, long classes = 10, long cacheRows = 600, NSDropoutOptions? options = null)
    {
        var isSpatial = shape.Length > 2;
        Name = $"[{string.Join(", ", shape)}]";
        _k = (int)NSDropoutMath.DropCount(P, shape[1]);
        _scale = NSDropoutMath.CountScale(_k, shape[1]);
        _input = Own(rand(shape)).requires_grad_();
        _gradient = Own(ones(shape));
        _batches = [.. Enumerable.Range(0, Batches).Select(_ => Own(randperm(shape[0]).remainder(classes)))];
        _mask = Own(rand(shape).lt(1 - P).to(ScalarType.Float32).mul(_scale));
        _table = Own(rand(classes, shape[1]).lt(1 - P).to(ScalarType.Float32).mul(_scale));
        _dropout = isSpatial ? nn.Dropout2d(P) : nn.Dropout(P);
        _layer = isSpatial ? nn.NSDropout2d(shape[1], classes, P, options) : nn.NSDropout(shape[1], classes, P, options);
        using var scope = NewDisposeScope();
        var cached = isSpatial ? rand([cacheRows, shape[1], 1, 1]) : rand(cacheRows, shape[1]);
        _layer.CacheValidation(cached, arange(cacheRows).remainder(classes));
        _validationMeans = Own(_layer.validation_means.clone());
    }

    public string Name { get; }

    public Tensor Floor() => _input.mul(_mask);

    public Tensor Dropout() => _dropout.call(_input);

    /// <summary>The three operators that no neuron specific dropout can do without, and nothing else: sums by class, a mask row for each sample, the multiplication.</summary>
    public Tensor Bare()
    {
        var labels = Labels();
        using (no_grad())
        {
            using var sums = zeros(_table.shape);
            using var rows = _input.ndim > 2 ? _input.mean([2, 3]) : _input.detach();
            sums.index_add_(0, labels, rows, 1);
        }

        using var mask = _table.index_select(0, labels);
        return _input.ndim > 2 ? _input.mul(mask.unsqueeze(2).unsqueeze(3)) : _input.mul(mask);
    }

    public Tensor NSDropout() => _layer.forward(_input, Labels());

    public Tensor ByClass() => ByClass(Labels());

    public void PlainLoops() => Loops().Forward();

    public void PlainLoopsBackward()
    {
        Loops().Forward();
        Loops().Backward(_plainGradient!);
    }

    /// <summary>Runs a forward pass and the backward pass of it. The gradient is not kept in the input: no layer keeps one there, and it would be copied where the one who made it holds it too.</summary>
    public void Backward(Func<Tensor> forward) => autograd.grad([forward()], [_input], [_gradient]);

    /// <summary>Throws unless the three ways to compute the layer's output agree; a class's mask may differ where rounding swaps two nearly equal gaps.</summary>
    public void CheckAgreement()
    {
        using var scope = NewDisposeScope();
        var layer = _layer.forward(_input, _batches[0]);
        foreach (var other in new[] { ByClass(_batches[0]), tensor(Loops().Forward()).view(layer.shape) })
        {
            if (layer.isclose(other, 1e-4, 1e-5).to(ScalarType.Float32).mean().ToSingle() < 0.99f)
                throw new InvalidOperationException($"The contestants must compute the same output, but differ at {Name}.");
        }
    }

    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[_input, _gradient, _mask, _table, _validationMeans, .. _batches]) tensor.Dispose();
        _dropout.Dispose();
        _layer.Dispose();
    }

    private Tensor ByClass(Tensor labels) => ClassLoop.Forward(_input, labels, _validationMeans, _k, _scale);

    // Other labels at every step, as in training: a processor learns by heart how gaps of one batch compare, and selects among them six times as fast.
    private Tensor Labels() => _batches[_next = (_next + 1) % Batches];

    private static Tensor Own(Tensor tensor) => tensor.DetachFromDisposeScope();

    private ReferenceLoops Loops()
    {
        _plainGradient ??= _gradient.data<float>().ToArray();
        return _loops ??= new(
            _input.data<float>().ToArray(), _batches[0].data<long>().ToArray(), _validationMeans.data<float>().ToArray(),
            (int)_layer.num_features, (int)_layer.num_classes, _k, (float)_scale);
    }
}

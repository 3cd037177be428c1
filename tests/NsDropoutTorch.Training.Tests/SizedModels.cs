using NsDropoutTorch.Dropouts;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

/// <summary>Models whose layers compute little or much, by name.</summary>
internal static class SizedModels
{
    /// <summary>784–128–128–128–10.</summary>
    public static Sequential Mlp(nn.Module<Tensor, Tensor>? layer = null)
    {
        manual_seed(1);
        return nn.Sequential(
            nn.Linear(784, 128), nn.ReLU(), layer ?? nn.Identity(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10));
    }

    /// <summary>A convolutional network that draws in evaluation mode.</summary>
    public static Sequential DrawingConvolution()
    {
        manual_seed(1);
        var drawing = nn.NSDropout(144, 10, 0.3, NSDropoutOptions.LabelFree);
        drawing.DrawsInEval = true;
        return nn.Sequential(
            nn.Unflatten(1, [1, 28, 28]), nn.Conv2d(1, 4, 5), nn.BatchNorm2d(4), nn.ReLU(inplace: true), nn.FastDropout2d(0.2), nn.MaxPool2d(4), nn.Flatten(), drawing, nn.Linear(144, 10));
    }

    /// <summary>A model, and inputs of two batches.</summary>
    public static (nn.Module<Tensor, Tensor> Model, Tensor Inputs) Make(string name, int batch) => name switch
    {
        "mlp" => (nn.Sequential(nn.Flatten(), Mlp()), rand(2 * batch, 1, 28, 28)),
        "mlp in double" => ((nn.Module<Tensor, Tensor>)Mlp().to(ScalarType.Float64), rand(2 * batch, 784, dtype: ScalarType.Float64)),
        "user's module" => (new Wrapped(Mlp()), rand(2 * batch, 784)),
        "user's matrix" => (new Matrix(), rand(2 * batch, 784)),
        "normalised" => (nn.Sequential(nn.Linear(784, 128), nn.BatchNorm1d(128), nn.ReLU(), nn.LayerNorm(128), nn.Linear(128, 10)), rand(2 * batch, 784)),
        "wide and thin" => (nn.Sequential(nn.Linear(2, 512), nn.ReLU(), nn.Linear(512, 3)), rand(2 * batch, 2)),
        "places" => (nn.Sequential(nn.Linear(28, 64), nn.ReLU(), nn.Flatten(), nn.Linear(1792, 10)), rand(2 * batch, 28, 28)),
        "gru" => (new Recurrent(), rand(2 * batch, 28, 28)),
        "convolution" => (nn.Sequential(nn.Conv2d(1, 4, 3), nn.Flatten(), nn.Linear(2704, 10)), rand(2 * batch, 1, 28, 28)),
        "words" => (nn.Sequential(nn.Embedding(50, 8), nn.Flatten(), nn.Linear(32, 10)), randint(50, [2 * batch, 4])),
        "without weights" => (new Scaled(), rand(2 * batch, 10)),
        _ => throw new ArgumentException(name, nameof(name)),
    };

    private sealed class Wrapped : nn.Module<Tensor, Tensor>
    {
        private readonly Sequential layers;

        public Wrapped(Sequential layers)
            : base(nameof(Wrapped))
        {
            this.layers = layers;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => layers.call(input);
    }

    private sealed class Matrix : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter weight = nn.Parameter(rand(10, 784) * 0.01);

        public Matrix()
            : base(nameof(Matrix)) => RegisterComponents();

        public override Tensor forward(Tensor input) => nn.functional.linear(input, weight);
    }

    private sealed class Recurrent : nn.Module<Tensor, Tensor>
    {
        private readonly GRU gru = nn.GRU(28, 64, batchFirst: true);
        private readonly Linear output = nn.Linear(64, 10);

        public Recurrent()
            : base(nameof(Recurrent)) => RegisterComponents();

        public override Tensor forward(Tensor input) => output.call(gru.call(input).Item1.select(1, 27));
    }

    private sealed class Scaled : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter scale = nn.Parameter(ones(10));

        public Scaled()
            : base(nameof(Scaled)) => RegisterComponents();

        public override Tensor forward(Tensor input) => input * scale;
    }
}

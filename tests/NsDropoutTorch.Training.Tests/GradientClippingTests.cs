using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

public sealed class GradientClippingTests
{
    [Theory]
    [InlineData(0.01)]
    [InlineData(1)]
    [InlineData(1000)]
    public void ClipByNorm_Apply_ScalesAllTogetherToTheBound(double maxNorm)
    {
        using var model = Models.Mlp();
        var before = Backward(model);

        new ClipByNorm(maxNorm).Apply(model.parameters());

        var norm = Math.Sqrt(before.Sum(g => (double)g * g));
        var factor = Math.Min(maxNorm / (norm + 1e-6), 1);
        Assert.Equal(before.Select(g => (float)(g * factor)), Gradients(model), new Near(1e-6f));
    }

    [Fact]
    public void ClipByNorm_Apply_IsThatOfTorchSharp()
    {
        using var model = Models.Mlp();
        using var same = Models.Mlp();
        Backward(model);
        Backward(same);

        new ClipByNorm(0.5).Apply(model.parameters());
        nn.utils.clip_grad_norm_(same.parameters(), 0.5);

        Assert.Equal(Gradients(same), Gradients(model), new Near(1e-7f));
    }

    [Theory]
    [InlineData(0.01f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void ClipByNorm_InHostMemory_IsThatOfTheOperators(float element)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        Parameter[] parameters = [new(randn(300, 501)), new(randn(7))];
        foreach (var parameter in parameters)
            parameter.grad = randn_like(parameter);
        parameters[1].grad![3] = element;
        Tensor[] gradients = [.. parameters.Select(parameter => parameter.grad!.clone())];
        var clipping = new ClipByNorm(2);

        clipping.Apply(parameters);
        clipping.ClipByOperators(gradients);

        Assert.Equal(Numbers(gradients), Numbers(parameters.Select(parameter => parameter.grad!)), new Near(1e-6f));

        // NaN has no distance, not even to itself.
        static IEnumerable<float> Numbers(IEnumerable<Tensor> tensors) => tensors.SelectMany(tensor => tensor.nan_to_num(nan: 1e9).data<float>().ToArray());
    }

    [Fact]
    public void ClipByValue_Apply_ClampsEveryElement()
    {
        using var model = Models.Mlp();
        var before = Backward(model);

        new ClipByValue(0.01).Apply(model.parameters());

        var expected = before.Select(g => Math.Clamp(g, -0.01f, 0.01f)).ToArray();
        Assert.NotEqual(before, expected);
        Assert.Equal(expected, Gradients(model));
    }

    [Fact]
    public void Apply_NoGradients_DoesNothing()
    {
        using var model = Models.Mlp();

        new ClipByNorm(1).Apply(model.parameters());
        new ClipByValue(1).Apply(model.parameters());

        Assert.All(model.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Theory]
    [MemberData(nameof(Clippings))]
    public void Fit_Clipped_IsTheStepByHand(GradientClipping clipping)
    {
        using var data = Models.Clouds(32, 1);
        using var model = Models.Mlp();
        using var byHand = Models.Mlp();

        Trainer.Fit(model, data, null, new TrainerOptions
        {
            Epochs = 1,
            BatchSize = null,
            Optimizer = p => optim.SGD(p, 0.5),
            Clipping = clipping,
        });

        nn.functional.cross_entropy(byHand.call(data.Inputs), data.Labels).backward();
        var start = Models.Weights(byHand);
        clipping.Apply(byHand.parameters());
        Assert.Equal(start.Zip(Gradients(byHand), (w, g) => w - (0.5f * g)), Models.Weights(model), new Near(1e-6f));
    }

    [Fact]
    public void Options_OutOfRange_SayTheRule()
    {
        Broken.Says("max norm must be a finite number above 0, but got 0.", () => _ = new ClipByNorm(0));
        Broken.Says("limit must be a finite number above 0, but got -1.", () => _ = new ClipByValue(-1));
    }

    public static TheoryData<GradientClipping> Clippings() => [new ClipByNorm(0.1), new ClipByValue(0.01)];

    private static float[] Backward(nn.Module<Tensor, Tensor> model)
    {
        using var data = Models.Clouds(32, 1);
        (3 * nn.functional.cross_entropy(model.call(data.Inputs), data.Labels)).backward();
        return Gradients(model);
    }

    private static float[] Gradients(nn.Module model) =>
        [.. model.parameters().SelectMany(parameter => parameter.grad!.data<float>().ToArray())];
}

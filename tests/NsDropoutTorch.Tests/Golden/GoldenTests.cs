using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Golden;

/// <summary>The published layer's numbers, which an independent loop computed in float64.</summary>
public class GoldenTests
{
    public static TheoryData<string, ScalarType> Cases()
    {
        var data = new TheoryData<string, ScalarType>();
        foreach (var name in GoldenCase.Names)
        {
            data.Add(name, ScalarType.Float64);
            data.Add(name, ScalarType.Float32);
        }

        return data;
    }

    [Fact]
    public void File_HoldsNineCases() => Assert.Equal(9, GoldenCase.Names.Count());

    [Theory, MemberData(nameof(Cases))]
    public void Functions_GoldenCase_Agree(string name, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var c = GoldenCase.Named(name);
        var train = NSDropoutMath.ClassMeans(Matrix(c.input, dtype), tensor(c.labels), c.num_classes);
        var validation = NSDropoutMath.ClassMeans(Matrix(c.validation_input, dtype), tensor(c.validation_labels), c.num_classes);
        var gap = NSDropoutMath.Gap(train, validation);
        var masks = NSDropoutMath.DropMask(gap, NSDropoutMath.DropCount(c.p, c.num_features));

        Assert.Equal(c.k, NSDropoutMath.DropCount(c.p, c.num_features));
        AssertAgree(c.class_means_train, train);
        AssertAgree(c.class_means_validation, validation);
        // A gap is a difference: its error is that of the means, not its own size.
        var largest = c.input.Concat(c.validation_input).SelectMany(row => row).Max(Math.Abs);
        Data.AssertClose(Flat(c.gap), gap, dtype == ScalarType.Float64 ? 1e-10 : 1e-5 * largest);
        Assert.Equal(Flat(c.class_masks), Data.Values(masks));
        AssertAgree(c.train_output, NSDropoutMath.Apply(Matrix(c.input, dtype), masks, tensor(c.labels), 1 / (1 - c.p)));
    }

    [Theory, MemberData(nameof(Cases))]
    public void Train_ReferenceWithScaledBackward_OutputAndScaledGradientAgree(string name, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var c = GoldenCase.Named(name);
        using var layer = Filled(c, dtype, NSDropoutOptions.Reference with { ScaleBackward = true });

        var (output, gradient) = TrainStep(layer, c, dtype);

        Assert.Equal(Flat(c.class_masks), Data.Values(layer.class_masks));
        AssertAgree(c.train_output, output);
        AssertAgree(c.train_grad_scaled, gradient);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Train_Reference_OutputUnscaledGradientAndInferenceAgree(string name, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var c = GoldenCase.Named(name);
        using var layer = Filled(c, dtype, NSDropoutOptions.Reference);

        var (output, gradient) = TrainStep(layer, c, dtype);
        layer.eval();
        var inference = layer.forward(Matrix(c.input, dtype), tensor(c.labels));

        AssertAgree(c.train_output, output);
        AssertAgree(c.train_grad_reference, gradient);
        AssertAgree(c.label_mask_eval_output_reference, inference);
    }

    /// <summary>By default only the factor differs from the published layer: F/(F−k) for a class with a mask, 1 for one without.</summary>
    [Theory, MemberData(nameof(Cases))]
    public void Train_Default_DiffersFromTheReferenceByTheFactorAlone(string name, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var c = GoldenCase.Named(name);
        using var layer = Filled(c, dtype, NSDropoutOptions.Default);

        var (output, gradient) = TrainStep(layer, c, dtype);

        Assert.Equal(Flat(c.class_masks), Data.Values(layer.class_masks));
        AssertAgree(Rescaled(c.train_output), output);
        AssertAgree(Rescaled(c.train_grad_scaled), gradient);

        double[][] Rescaled(double[][] rows) => [.. rows.Select((row, i) => row.Select(value => value * (1 - c.p) * Scale(c.class_masks[c.labels[i]])).ToArray())];
        static double Scale(double[] mask) => mask.Length / Math.Max(1, mask.Sum());
    }

    [Theory, MemberData(nameof(Cases))]
    public void Train_Float64InputIntoDefaultLayer_LosesNoPrecision(string name, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var c = GoldenCase.Named(name);
        using var layer = torch.nn.NSDropout(c.num_features, c.num_classes, c.p);
        layer.CacheValidation(Matrix(c.validation_input, dtype), tensor(c.validation_labels));

        AssertAgree(c.class_means_validation, layer.validation_means);
        Assert.Equal(dtype, layer.validation_means.dtype);
    }

    private static NSDropout Filled(GoldenCase c, ScalarType dtype, NSDropoutOptions options)
    {
        var layer = torch.nn.NSDropout(c.num_features, c.num_classes, c.p, options, dtype: dtype);
        layer.CacheValidation(Matrix(c.validation_input, dtype), tensor(c.validation_labels));
        return layer;
    }

    private static (Tensor output, Tensor gradient) TrainStep(NSDropout layer, GoldenCase c, ScalarType dtype)
    {
        var x = Matrix(c.input, dtype).requires_grad_();
        var output = layer.forward(x, tensor(c.labels));
        output.backward([Matrix(c.grad_output, dtype)]);
        return (output, x.grad!);
    }

    private static void AssertAgree(double[][] expected, Tensor actual)
    {
        // The file rounds to twelve decimals.
        var isDouble = actual.dtype == ScalarType.Float64;
        Data.AssertClose(Flat(expected), actual, isDouble ? 1e-10 : 1e-6, isDouble ? 0 : 1e-5);
    }

    private static Tensor Matrix(double[][] rows, ScalarType dtype) => tensor(Flat(rows), [rows.Length, rows[0].Length]).to(dtype);

    private static double[] Flat(double[][] rows) => [.. rows.SelectMany(row => row)];
}

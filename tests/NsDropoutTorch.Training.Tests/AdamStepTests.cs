using NsDropoutTorch.Training.Optimizers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

/// <summary>libtorch's operator is the oracle, to the bit.</summary>
public sealed class AdamStepTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly int threadsBefore = get_num_threads();

    public static TheoryData<double, bool, bool, int> Cases
    {
        get
        {
            var cases = new TheoryData<double, bool, bool, int>();
            foreach (var threads in new[] { 1, 2 })
            {
                cases.Add(0, false, false, threads);
                cases.Add(0.1, false, false, threads);
                cases.Add(0.1, true, false, threads);
                cases.Add(0.1, false, true, threads);
                cases.Add(0.1, true, true, threads);
            }

            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Take_InHostMemory_HasTheBitsOfTheOperator(double decay, bool isDecoupled, bool maximize, int threads)
    {
        set_num_threads(threads);
        var step = new AdamStep(0.01, 0.8, 0.99, 1e-6, decay, isDecoupled, AmsGrad: false, maximize);

        Assert.Equal(Bits(Run(step.TakeByOperator, steps: 10, Gradient).Weights), Bits(Run(step.Take, steps: 10, Gradient).Weights));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.01, true)]
    public void Take_WithoutGradientsForLong_LeavesNoDenormalsInAveragesAndTheBitsOfTheOperatorInWeights(double decay, bool isDecoupled)
    {
        var step = new AdamStep(0.01, 0.6, 0.7, 1e-8, decay, isDecoupled, AmsGrad: false, Maximize: false);

        var expected = Run(step.TakeByOperator, steps: 300, OnceOrAlways);
        var actual = Run(step.Take, steps: 300, OnceOrAlways);

        Assert.Equal(Bits(expected.Weights), Bits(actual.Weights));
        Assert.Contains(expected.Means, float.IsSubnormal);
        Assert.DoesNotContain(actual.Means, float.IsSubnormal);
        // Squares are left alone beside weights that change, in the same vector.
        var faded = ^150_003..^80_000;
        Assert.Contains(expected.Squares[faded], float.IsSubnormal);
        Assert.DoesNotContain(actual.Squares[faded], float.IsSubnormal);
    }

    [Fact]
    public void Take_WithoutEps_HasTheBitsOfTheOperatorWhereThereWasNeverAGradient()
    {
        var step = new AdamStep(0.01, 0.8, 0.9, Eps: 0, 0, IsDecoupled: false, AmsGrad: false, Maximize: false);

        var actual = Run(step.Take, steps: 3, (length, _) => zeros(length)).Weights;

        Assert.Equal(Bits(Run(step.TakeByOperator, steps: 3, (length, _) => zeros(length)).Weights), Bits(actual));
        Assert.All(actual, weight => Assert.True(float.IsNaN(weight)));
    }

    public void Dispose()
    {
        set_num_threads(threadsBefore);
        scope.Dispose();
    }

    // Of every length that a rest of a vector can have, and of one that threads divide.
    private static (float[] Weights, float[] Means, float[] Squares) Run(Action<FusedStep.Arguments, Func<Parameter, AdamState>> take, int steps, Func<long, int, Tensor> gradientOf)
    {
        manual_seed(4);
        Parameter[] parameters = [.. Enumerable.Range(1, 40).Append(150_003).Select(length => new Parameter(randn(length)))];
        var averages = parameters.ToDictionary(parameter => parameter.Handle, parameter => (Mean: zeros_like(parameter), Square: zeros_like(parameter)));
        var arguments = new FusedStep.Arguments();
        for (var i = 1; i <= steps; i++)
        {
            using var ofStep = NewDisposeScope();
            foreach (var parameter in parameters)
                parameter.grad = gradientOf(parameter.numel(), i);
            using var noGradients = no_grad();
            Assert.True(arguments.TakeGradients(new TorchSharp.Modules.Adam.ParamGroup { Parameters = parameters }));
            take(arguments, parameter => new(i, averages[parameter.Handle].Mean, averages[parameter.Handle].Square, null));
            arguments.ReleaseGradients();
        }

        return (All(parameters), All(averages.Values.Select(average => average.Mean)), All(averages.Values.Select(average => average.Square)));
    }

    private static float[] All(IEnumerable<Tensor> tensors) => [.. tensors.SelectMany(tensor => tensor.data<float>().ToArray())];

    private static uint[] Bits(float[] numbers) => [.. numbers.Select(BitConverter.SingleToUInt32Bits)];

    // In the first half of a tensor at the first step alone, in the second for every third element at all steps.
    private static Tensor OnceOrAlways(long length, int step)
    {
        var isAlways = arange(length).ge(length / 2).logical_and_(arange(length).remainder(3).eq(0));
        return step == 1 ? randn(length) : randn(length).mul_(isAlways);
    }

    // From large ones to those that are lost beside the average, with zeros.
    private static Tensor Gradient(long length, int step)
    {
        var gradient = randn(length).mul_(pow(10.0, randint(-20, 4, length, ScalarType.Float32)));
        return gradient.mul_(step % 3 == 0 ? 0 : 1);
    }
}

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

        Assert.Equal(Weights(step.TakeByOperator), Weights(step.Take));
    }

    public void Dispose()
    {
        set_num_threads(threadsBefore);
        scope.Dispose();
    }

    // Of every length that a rest of a vector can have, and of one that threads divide.
    private static List<uint> Weights(Action<FusedStep.Arguments, Func<Parameter, AdamState>> take)
    {
        manual_seed(4);
        Parameter[] parameters = [.. Enumerable.Range(1, 40).Append(150_003).Select(length => new Parameter(randn(length)))];
        var averages = parameters.ToDictionary(parameter => parameter.Handle, parameter => (Mean: zeros_like(parameter), Square: zeros_like(parameter)));
        using var arguments = new FusedStep.Arguments();
        for (var i = 1; i <= 10; i++)
        {
            foreach (var parameter in parameters)
                parameter.grad = Gradient(parameter.numel(), i);
            using var noGradients = no_grad();
            Assert.True(arguments.TakeGradients(new TorchSharp.Modules.Adam.ParamGroup { Parameters = parameters }));
            take(arguments, parameter => new(i, averages[parameter.Handle].Mean, averages[parameter.Handle].Square, null));
        }

        return [.. parameters.SelectMany(parameter => parameter.data<float>().ToArray()).Select(BitConverter.SingleToUInt32Bits)];
    }

    // From large ones to those that are lost beside the average, with zeros.
    private static Tensor Gradient(long length, int step)
    {
        var gradient = randn(length).mul_(pow(10.0, randint(-20, 4, length, ScalarType.Float32)));
        return gradient.mul_(step % 3 == 0 ? 0 : 1);
    }
}

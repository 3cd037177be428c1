using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// Chosen modules of a model drawing, in training mode or, where they can, in evaluation mode, all others in evaluation mode, and no gradients on this thread, until disposed; then every module has the mode it had.
/// </summary>
internal readonly ref struct SamplingMode
{
    private readonly ModuleModes modes;
    private readonly IDrawsMasks[] drawing;
    private readonly IDisposable noGradients;

    private SamplingMode(nn.Module model, IReadOnlySet<nn.Module> random)
    {
        modes = ModuleModes.Of(model);
        var inEval = random.Where(module => module is IDrawsMasks { DrawsMasks: true }).ToArray();
        ModuleModes.Only(model, random.Except(inEval).ToHashSet<nn.Module>(ReferenceEqualityComparer.Instance)).PutBack();
        drawing = [.. inEval.Cast<IDrawsMasks>().Where(module => !module.DrawsInEval)];
        foreach (var module in drawing) module.DrawsInEval = true;
        noGradients = no_grad();
    }

    public static SamplingMode Of(nn.Module model, IReadOnlySet<nn.Module> random) => new(model, random);

    public void Dispose()
    {
        noGradients.Dispose();
        foreach (var module in drawing) module.DrawsInEval = false;
        modes.PutBack();
    }
}

/// <summary>
/// Torch's generators and those that modules have of their own, seeded until disposed. Then that of the host and those of modules are where they were; those of CUDA devices, which TorchSharp cannot read, go on
/// from a draw of the model's device.
/// </summary>
internal sealed class SeededDraws : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly nn.Module model;
    private readonly Dictionary<string, Tensor> before;
    private readonly long? next;

    public SeededDraws(long seed, Device device, nn.Module model)
    {
        (this.model, before) = (model, RandomState.Of(model));
        // Not by manual_seed, which would seed CUDA devices as well.
        using var generator = new Generator((ulong)seed, CPU);
        if (device.type == DeviceType.CUDA)
        {
            next = randint(long.MaxValue, [1], ScalarType.Int64, device).item<long>();
            cuda.manual_seed_all(seed);
        }

        set_rng_state(generator.get_state());
        RandomState.SeedOwn(model);
    }

    public void Dispose()
    {
        RandomState.PutBack(model, before);
        scope.Dispose();
        if (next is { } seed) cuda.manual_seed_all(seed);
    }
}

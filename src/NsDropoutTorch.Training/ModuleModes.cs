using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>Which modules of a model are in training mode and which are frozen in evaluation mode, each by itself.</summary>
internal sealed class ModuleModes
{
    private readonly (nn.Module Module, bool IsTraining)[] modes;

    // A module comes after each of its parents.
    private ModuleModes(nn.Module model, Func<nn.Module, bool> isTraining) => modes = [.. model.modules().Prepend(model).Select(module => (module, isTraining(module)))];

    /// <summary>The modes as they are.</summary>
    public static ModuleModes Of(nn.Module model) => new(model, module => module.training);

    /// <summary>The chosen modules in training mode, all others in evaluation mode; for <see cref="PutBack"/> to set.</summary>
    public static ModuleModes Only(nn.Module model, IReadOnlySet<nn.Module> training) => new(model, training.Contains);

    /// <summary>The modes to train in: those of a model in training mode as they are, a model in evaluation mode in training mode as a whole.</summary>
    public static ModuleModes ForTraining(nn.Module model)
    {
        if (!model.training)
        {
            model.train();
        }

        return Of(model);
    }

    /// <summary>Gives each module its mode again.</summary>
    public void PutBack()
    {
        // Setting the mode of a module sets that of its children, so parents come first.
        foreach (var (module, isTraining) in modes)
        {
            if (module.training != isTraining)
            {
                module.train(isTraining);
            }
        }
    }
}

/// <summary>Models with layers that read the labels of a batch (<see cref="IReadsLabels"/>); to all others, targets are but what the loss compares with.</summary>
internal static class LabelReaders
{
    public static bool AreIn(nn.Module model) => model.modules().Prepend(model).Any(module => module is IReadsLabels { UsesLabels: true });
}

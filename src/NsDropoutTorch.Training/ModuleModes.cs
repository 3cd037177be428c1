using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>Which modules of a model are in training mode and which are frozen in evaluation mode, each by itself.</summary>
internal sealed class ModuleModes
{
    private readonly (nn.Module Module, bool IsTraining)[] modes;

    // A module comes after each of its parents.
    private ModuleModes(nn.Module model) => modes = [.. model.modules().Prepend(model).Select(module => (module, module.training))];

    /// <summary>The modes as they are.</summary>
    public static ModuleModes Of(nn.Module model) => new(model);

    /// <summary>The modes to train in: those of a model in training mode as they are, a model in evaluation mode in training mode as a whole.</summary>
    public static ModuleModes ForTraining(nn.Module model)
    {
        if (!model.training)
        {
            model.train();
        }

        return new(model);
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

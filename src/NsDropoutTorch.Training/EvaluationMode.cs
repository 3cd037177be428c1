using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>A model in evaluation mode and no gradients on this thread, until disposed; then every module has the mode it had.</summary>
internal readonly ref struct EvaluationMode
{
    private readonly ModuleModes modes;
    private readonly IDisposable noGradients;

    private EvaluationMode(nn.Module model)
    {
        modes = ModuleModes.Of(model);
        model.eval();
        noGradients = torch.no_grad();
    }

    public static EvaluationMode Of(nn.Module model) => new(model);

    public void Dispose()
    {
        noGradients.Dispose();
        modes.PutBack();
    }
}

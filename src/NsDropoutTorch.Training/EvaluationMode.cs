using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>A model in evaluation mode and no gradients on this thread, until disposed.</summary>
internal readonly ref struct EvaluationMode
{
    private readonly nn.Module model;
    private readonly bool wasTraining;
    private readonly IDisposable noGradients;

    private EvaluationMode(nn.Module model)
    {
        this.model = model;
        wasTraining = model.training;
        noGradients = torch.no_grad();
        model.eval();
    }

    public static EvaluationMode Of(nn.Module model) => new(model);

    public void Dispose()
    {
        noGradients.Dispose();
        if (wasTraining)
        {
            model.train();
        }
    }
}

using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Kinds;

/// <summary>Handwritten digits through twelve numbers and back.</summary>
internal static class Autoencoder
{
    public static (nn.Module Model, string Figures) Run(TrainerOptions common, Callback[] callbacks)
    {
        var digits = (ImageDataset)DatasetCatalog.Over().Load("optdigits");
        var (all, test) = (digits.TrainTensors().Inputs, digits.TestTensors().Inputs);

        #region autoencoder
        // The inputs are the targets.
        var images = new TensorData(all, all.alias());
        var model = nn.Sequential(nn.Linear(64, 48), nn.ReLU(), nn.Linear(48, 12), nn.Linear(12, 48), nn.ReLU(), nn.Linear(48, 64));
        var result = Trainer.Fit(model, images, validation: null, common with { Epochs = 20, BatchSize = 64, Objective = Objective.Regression }, callbacks);
        #endregion

        var error = Trainer.Evaluate(model, new TensorData(test, test.alias()), Objective.Regression).Loss;
        return (model, $"of the test images' variance {1 - (error / (test - all.mean([0])).square().mean().ToDouble()):P1} comes back; training loss {result.History[^1].TrainLoss:F4}");
    }
}

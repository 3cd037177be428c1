using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Kinds;

/// <summary>Four things that are or are not true of a handwritten digit.</summary>
internal static class MultiLabel
{
    public static (nn.Module Model, string Figures) Run(TrainerOptions common, Callback[] callbacks)
    {
        var digits = (ImageDataset)DatasetCatalog.Over().Load("optdigits");
        var (all, test) = (WithProperties(digits.TrainTensors()), WithProperties(digits.TestTensors()));

        #region multi-label
        // Targets are 0 and 1, one column a label: even, prime, at least five, drawn with a loop.
        var (fit, validation) = all.Split(share: 0.2);
        var model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 4));
        var options = common with { Epochs = 15, BatchSize = 64, Objective = Objective.Binary, Optimizer = parameters => optim.Adam(parameters, 0.003) };
        var result = Trainer.Fit(model, fit, validation, options, callbacks);
        #endregion

        return (model, $"of the test labels {Trainer.Evaluate(model, test, Objective.Binary).Error:P1} are wrong, of the validation labels {result.History[^1].SelectionError:P1}");
    }

    private static TensorData WithProperties(TensorData digits)
    {
        var (even, prime, large, loop) = (new long[] { 0, 2, 4, 6, 8 }, new long[] { 2, 3, 5, 7 }, new long[] { 5, 6, 7, 8, 9 }, new long[] { 0, 6, 8, 9 });
        var properties = new[] { even, prime, large, loop }.Select(members => digits.Labels.unsqueeze(1).eq(tensor(members)).any(1));
        return new(digits.Inputs, stack(properties, 1).to(ScalarType.Float32));
    }
}

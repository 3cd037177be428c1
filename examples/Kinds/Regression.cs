using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Callbacks;
using NsDropoutTorch.Training.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace Kinds;

/// <summary>The width of a petal from the other three measures of an iris.</summary>
internal static class Regression
{
    public static (nn.Module Model, string Figures) Run(TrainerOptions common, Callback[] callbacks)
    {
        var iris = (TabularDataset)DatasetCatalog.Over().Load("iris");
        var (flowers, test) = (TensorData.From(iris.Train), TensorData.From(iris.Test));

        #region regression
        // The first three columns are the inputs, the last is the target, [N,1].
        var (fit, validation) = new TensorData(flowers.Inputs.narrow(1, 0, 3), flowers.Inputs.narrow(1, 3, 1)).Split(share: 0.2);
        var model = nn.Sequential(nn.Linear(3, 32), nn.ReLU(), nn.Linear(32, 1));
        var r2 = new R2Score();
        var options = common with
        {
            Epochs = 100, BatchSize = 16, Objective = Objective.Regression, Metrics = [r2, new MeanAbsoluteError()],
            Optimizer = parameters => optim.AdamW(parameters, 0.01),
        };
        var result = Trainer.Fit(model, fit, validation, options, [.. callbacks, new EarlyStopping(20, restoreBest: true) { Monitor = MonitoredMetric.SelectionMetric(r2) }]);
        #endregion

        Trainer.Evaluate(model, new TensorData(test.Inputs.narrow(1, 0, 3), test.Inputs.narrow(1, 3, 1)), [r2]);
        return (model, $"test R2 {r2.Value:F3}, best validation R2 {result.History.Max(record => record.SelectionMetrics["r2"]):F3}");
    }
}

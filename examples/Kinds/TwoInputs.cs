using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Kinds;

/// <summary>Do two images show the same digit? A step of its own trains a model of two inputs.</summary>
internal static class TwoInputs
{
    public static (nn.Module Model, string Figures) Run(TrainerOptions common, Callback[] callbacks)
    {
        var digits = (ImageDataset)DatasetCatalog.Over().Load("optdigits");
        var (all, test) = (digits.TrainTensors(), digits.TestTensors());

        #region two-inputs
        var (fit, heldOut) = all.Split(share: 0.2);
        var model = new SameDigit();
        var options = common with { Epochs = 15, BatchSize = 64, Optimizer = parameters => optim.Adam(parameters, 0.003) };
        var result = Trainer.Fit(model, Pairs(fit), Step, options, validation: Pairs(heldOut), callbacks);

        StepResult Step(Tensor[] rows)
        {
            var logits = model.call(rows[0], rows[1]);
            return new(nn.functional.binary_cross_entropy_with_logits(logits, rows[2]))
            {
                Errors = logits.gt(0).ne(rows[2].gt(0)).sum(),
                Values = [("logit of equal pairs", (logits * rows[2]).sum() / rows[2].sum().clamp_min(1))],
            };
        }
        #endregion

        return (model, $"of the test pairs {ErrorOn(test):P1} are judged wrong, of the validation pairs {result.History[^1].SelectionError:P1}");

        double ErrorOn(TensorData images)
        {
            model.eval();
            var rows = PairsOf(images);
            return Step(rows).Errors!.ToDouble() / rows[2].shape[0];
        }
    }

    #region pairs
    private static BatchSource<Tensor[]> Pairs(TensorData images) => BatchSource.FromTensors(PairsOf(images));

    // Sorted by digit, neighbours are of the same; every other image gets any image for a neighbour instead.
    private static Tensor[] PairsOf(TensorData images)
    {
        var order = images.Labels.argsort();
        var right = where(arange(images.Count).remainder(2).eq(0), order.roll(1), randperm(images.Count));
        var isSame = images.Labels.index_select(0, order).eq(images.Labels.index_select(0, right));
        return [images.Inputs.index_select(0, order), images.Inputs.index_select(0, right), isSame.to(ScalarType.Float32)];
    }
    #endregion
}

#region same-digit
internal sealed class SameDigit : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Sequential features = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Dropout(0.1), nn.Linear(64, 16));
    private readonly Linear output = nn.Linear(16, 1);

    public SameDigit()
        : base(nameof(SameDigit)) => RegisterComponents();

    public override Tensor forward(Tensor left, Tensor right) => output.call((features.call(left) - features.call(right)).square()).squeeze(1);
}
#endregion

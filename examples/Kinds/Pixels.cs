using NsDropoutTorch.Data;
using NsDropoutTorch.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Kinds;

/// <summary>Images in which each pixel has a class: square or ground.</summary>
internal static class Pixels
{
    public static (nn.Module Model, string Figures) Run(TrainerOptions common, Callback[] callbacks)
    {
        var test = Squares(100);

        #region pixels
        var (fit, validation) = Squares(300).Split(share: 0.2);
        var model = nn.Sequential(
            nn.Conv2d(1, 16, 5, padding: 2), nn.ReLU(), nn.Dropout2d(0.1), nn.Conv2d(16, 16, 5, padding: 2), nn.ReLU(), nn.Conv2d(16, 2, 1));
        var options = common with { Epochs = 15, BatchSize = 16, Objective = Objective.PixelClassification(), Optimizer = parameters => optim.Adam(parameters, 0.01) };
        var result = Trainer.Fit(model, fit, validation, options, callbacks);
        #endregion

        return (model, $"of the test pixels {Trainer.Evaluate(model, test, options.Objective).Error:P1} are wrong, of the validation pixels {result.History[^1].SelectionError:P1}");
    }

    #region squares
    // A bright square on noise; the first row of an image is not marked, and does not count.
    private static TensorData Squares(int count)
    {
        var (y, x) = (arange(16).view(1, 16, 1), arange(16).view(1, 1, 16));
        var (top, left) = (randint(1, 10, [count, 1, 1]), randint(0, 10, [count, 1, 1]));
        var isSquare = y.ge(top).logical_and(y.lt(top + 6)).logical_and(x.ge(left)).logical_and(x.lt(left + 6));
        var images = (0.5 * randn(count, 16, 16)) + isSquare.to(ScalarType.Float32);
        return new(images.unsqueeze(1), isSquare.to(ScalarType.Int64).masked_fill(y.eq(0), -100));
    }
    #endregion
}

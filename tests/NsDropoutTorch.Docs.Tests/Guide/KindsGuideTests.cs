using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Docs.Tests.Support;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Callbacks;
using NsDropoutTorch.Training.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Docs.Tests.Guide;

/// <summary>The models and targets of other kinds that docs/training.md shows learn what they are to learn.</summary>
public sealed class KindsGuideTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly TempFolder folder = new();

    public KindsGuideTests() => Seeding.Seed(1);

    public void Dispose()
    {
        folder.Dispose();
        scope.Dispose();
    }

    [Fact]
    public void Regression_OfTheGuide_ExplainsItsTargets()
    {
        #region regression
        var x = randn(1000, 3);
        var y = x.select(1, 0).sin() + (x.select(1, 1) * x.select(1, 2));
        var (train, validation) = new TensorData(x, y.unsqueeze(1)).Split(share: 0.2);
        using var model = nn.Sequential(nn.Linear(3, 64), nn.ReLU(), nn.Linear(64, 1));
        var r2 = new R2Score();
        var options = new TrainerOptions { Epochs = 60, BatchSize = 32, Objective = Objective.Regression, Metrics = [r2, new MeanAbsoluteError()], Optimizer = parameters => optim.Adam(parameters, 0.01) };
        var result = Trainer.Fit(model, train, validation, options, [new EarlyStopping(10, restoreBest: true) { Monitor = MonitoredMetric.SelectionMetric(r2) }]);
        Console.WriteLine($"R² {result.History[^1].SelectionMetrics["r2"]:F2}, mean absolute error {result.History[^1].SelectionMetrics["mae"]:F2}");
        #endregion

        Assert.InRange(result.History.Max(record => record.SelectionMetrics["r2"]), 0.9, 1);
        Assert.True(result.History[0].SelectionMetrics["r2"] < 0.9);
    }

    [Fact]
    public void Tokens_OfTheGuide_AreTaggedByWhatCameBefore()
    {
        #region tokens
        // A token is tagged 1 where it repeats the one before it; sentences end early, and what follows is padding.
        var tokens = randint(1, 5, [600, 12], ScalarType.Int64);
        var tags = cat([zeros(600, 1, ScalarType.Int64), tokens.narrow(1, 1, 11).eq(tokens.narrow(1, 0, 11)).to(ScalarType.Int64)], 1);
        var padding = arange(12).unsqueeze(0).ge(randint(4, 13, [600, 1], ScalarType.Int64));
        using var data = new TensorData(tokens.masked_fill(padding, 0), tags.masked_fill(padding, -100));
        using var model = new Tagger(vocabulary: 5, hidden: 16, classes: 2);
        var options = new TrainerOptions { Epochs = 12, BatchSize = 32, Objective = Objective.TokenClassification(ignoreIndex: -100), Optimizer = parameters => optim.Adam(parameters, 0.02) };
        var (train, validation) = data.Split(share: 0.2);
        var result = Trainer.Fit(model, train, validation, options);
        #endregion

        Assert.InRange(result.History[^1].SelectionError!.Value, 0, 0.05);
        Assert.InRange(result.History[0].TrainError, 0.1, 0.5);
    }

    [Fact]
    public void Pixels_OfTheGuide_AreSeparatedFromTheGround()
    {
        #region pixels
        // Bright squares on noise; the border of an image is not marked, and does not count.
        var images = 0.5 * randn(200, 1, 16, 16);
        var marks = zeros(200, 16, 16, ScalarType.Int64);
        foreach (var (image, at) in Enumerable.Range(0, 200).Select(image => (image, image % 9)))
        {
            images[image, 0, at..(at + 6), 3..9] += 1;
            marks[image, at..(at + 6), 3..9] = tensor(1L);
        }

        marks[.., 0] = tensor(-100L);
        using var data = new TensorData(images, marks);
        using var model = nn.Sequential(
            nn.Conv2d(1, 8, 5, padding: 2), nn.ReLU(), nn.Dropout2d(0.1), nn.Conv2d(8, 2, 5, padding: 2));
        var (train, validation) = data.Split(share: 0.2);
        var result = Trainer.Fit(model, train, validation, new TrainerOptions { Epochs = 8, BatchSize = 16, Objective = Objective.PixelClassification(), Optimizer = parameters => optim.Adam(parameters, 0.01) });
        #endregion

        Assert.InRange(result.History[^1].SelectionError!.Value, 0, 0.06);
    }

    [Fact]
    public void OwnStep_OfTheGuide_TrainsAModelOfTwoInputs()
    {
        var digits = ((ImageDataset)DatasetCatalog.Over().Load("optdigits")).TrainTensors();
        var run = Path.Combine(folder.Path, "pairs");

        #region own-step
        // Do two images show the same digit? Half of the pairs do.
        var count = (int)digits.Count / 2;
        var (left, right) = (digits.Inputs.narrow(0, 0, count), digits.Inputs.narrow(0, count, count));
        var same = digits.Labels.narrow(0, 0, count).eq(digits.Labels.narrow(0, count, count)).to(ScalarType.Float32);
        var pairs = BatchSource.FromTensors(left, right, same);

        using var model = new SameDigit();
        var options = new TrainerOptions { Epochs = 15, BatchSize = 64, ResumeFrom = run };
        var result = Trainer.Fit(model, pairs, Step, options, callbacks: [new ModelCheckpoint(run), new CsvLog(Path.Combine(run, "epochs.csv"))]);

        StepResult Step(Tensor[] rows)
        {
            var logits = model.call(rows[0], rows[1]);
            var weights = rows[2] * 8 + 1; // one pair in ten is of the same digit
            return new(nn.functional.binary_cross_entropy_with_logits(logits, rows[2], weights))
            {
                Errors = logits.gt(0).ne(rows[2].gt(0)).sum(),
                Values = [("distance of equal pairs", (model.Distance(rows[0], rows[1]) * rows[2]).sum() / rows[2].sum().clamp_min(1))],
            };
        }
        #endregion

        Assert.InRange(result.History[^1].TrainError, 0, 0.1);
        Assert.True(result.History[^1].TrainMetrics["distance of equal pairs"] < result.History[0].TrainMetrics["distance of equal pairs"]);
        Assert.EndsWith(",train.distance of equal pairs", File.ReadLines(Path.Combine(run, "epochs.csv")).First(), StringComparison.Ordinal);
    }

    [Fact]
    public void Autoencoder_OfTheGuide_GivesItsInputBack()
    {
        var digits = ((ImageDataset)DatasetCatalog.Over().Load("optdigits")).TrainTensors();

        #region autoencoder
        using var data = new TensorData(digits.Inputs.alias(), digits.Inputs.alias());
        using var model = nn.Sequential(nn.Linear(64, 12), nn.ReLU(), nn.Linear(12, 64));
        var result = Trainer.Fit(model, data, null, new TrainerOptions { Epochs = 15, Objective = Objective.Regression });
        #endregion

        Assert.True(result.History[^1].TrainLoss < 0.5 * digits.Inputs.var().ToDouble(), $"{result}");
    }
}

using NsDropoutTorch.Tests.Support;
using NsDropoutTorch.Training.Tests.Checkpoints;
using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Formats;
using NsDropoutTorch.Training.Callbacks;
using NsDropoutTorch.Training.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

/// <summary>What the library writes, says and reads is the same in every country.</summary>
public sealed class CultureTests : IDisposable
{
    private static readonly EpochRecord Record = new(2, -1234.5, 0.25, 1 / 3.0, null, 0.061, 1e-5, 12345.678)
    {
        LearnedRates = new([new("Iı", 0.104)]),
    };

    private readonly TemporaryFolder folder = new();

    [CultureTheory]
    [ClassData(typeof(Cultures))]
    public void Fit_CheckpointOfAnotherCulture_ResumesToTheSameBits(string culture)
    {
        var options = Job.Options with { Schedule = new WarmUp(5, new PlateauDecay(0.9, 3) { MinDelta = 0.01 }), ResumeFrom = folder.Root };
        var whole = TestCulture.Under("", () => Job.Run(options));
        TestCulture.Under(culture, () =>
        {
            Job.RunUntil(8, options, folder.Root);
            return true;
        });

        Assert.Equal(whole, TestCulture.Under("en-US", () => Job.Run(options)));
    }

    [CultureTheory]
    [ClassData(typeof(Cultures))]
    public void Texts_AreThoseOfTheInvariantCulture(string culture) => Assert.Equal(TestCulture.Under("", Texts), TestCulture.Under(culture, Texts));

    [CultureTheory]
    [ClassData(typeof(Cultures))]
    public void Sentences_AreThoseOfTheInvariantCulture(string culture) => Assert.Equal(TestCulture.Under("", Sentences), TestCulture.Under(culture, Sentences));

    [CultureTheory]
    [ClassData(typeof(Cultures))]
    public void Parse_Numbers_AreReadWithADecimalPoint(string culture) => Assert.Equal(
        [1.5f, -2.25f, 1000, 1e-3f, 1, 2, 3, 4], TestCulture.Under(culture, () => TabularCsv.Parse("x,I,class\n1.5,-2.25,i\n1000,1e-3,k\n1,2,i\n3,4,k\n", "t.csv").Rows.Values.ToArray()));

    public void Dispose() => folder.Dispose();

    private string[] Texts()
    {
        using var written = new StringWriter();
        using var data = Models.Clouds(16, 1);
        using var model = Models.Mlp();
        var csv = Path.Combine(folder.Root, "log.csv");
        var result = Trainer.Fit(
            model, data, data, new TrainerOptions { Epochs = 12 },
            [
                new CsvLog(csv), new Milestones(written.WriteLine, 0.1, 0.125), new EarlyStopping(2) { Monitor = new("negative loss", record => -1 / record.TrainLoss), MinDelta = 10 },
                new ProgressLog(written, "run", new Still()),
            ]);
        return
        [
            written.ToString(),
            File.ReadLines(csv).First(),
            $"{new FitResult([Record], result.StopReason)}",
            EpochText.Csv(Record),
            EpochText.Json(Record),
            Record.LearnedRates.ToString(),
            ProgressLine.Format(Record, 10, TimeSpan.FromHours(30)),
            ReportText.Render(ClassificationReport.Of([[3, 1], [0, 4]])),
        ];
    }

    private static string[] Sentences() =>
    [
        Says(() => _ = new EarlyStopping(1) { MinDelta = -0.5 }),
        Says(() => _ = new EarlyStopping(-1)),
        Says(() => _ = new ExponentialDecay(1.5)),
        Says(() => _ = new ClipByNorm(-0.5)),
        Says(() => _ = new Milestones(_ => { }, 0.5, 0.5)),
        Says(() => PixelScaling.Standardized([0.5], [-0.5])),
        Says(() => DeviceChoice.CheckName("CUDA:I")),
        Says(() => _ = new TrainerOptions { Epochs = -1 }),
    ];

    private static string Says(Action act) => Assert.ThrowsAny<ArgumentException>(act).Message;

    private sealed class Still : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}

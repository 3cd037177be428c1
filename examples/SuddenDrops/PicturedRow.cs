namespace SuddenDrops;

/// <summary>A row or panel of the pictures in docs/results.md.</summary>
/// <param name="Title">What stands beside it.</param>
/// <param name="Data">The data set, see <see cref="Samples"/>.</param>
/// <param name="LastSeed">The last seed; the first is 22.</param>
/// <param name="Epochs">Epochs of each run.</param>
/// <param name="Variant">What is trained.</param>
internal sealed record PicturedRow(string Title, string Data, int LastSeed, int Epochs, string Variant)
{
    private const int FirstSeed = 22;

    /// <summary>The panels of sudden-drops.svg.</summary>
    public static IReadOnlyList<PicturedRow> Curves { get; } =
    [
        new("MNIST, 2,000 samples: none", "mnist:2500", 24, 240, "none"),
        new("MNIST, 2,000 samples: none, lr = 0.002", "mnist:2500", 24, 240, "none:lr=0.002"),
        new("MNIST, 2,000 samples: NSDropout", "mnist:2500", 24, 240, "nsdropout"),
        new("MNIST, 2,000 samples: frozen after epoch 60", "mnist:2500", 24, 240, "nsdropout:freeze=60"),
        new("optdigits: NSDropout", "optdigits", 24, 150, "nsdropout"),
        new("optdigits: masks frozen after epoch 30", "optdigits", 24, 150, "nsdropout:freeze=30"),
        new("optdigits: frozen, 8 random exchanges a step", "optdigits", 24, 150, "nsdropout:freeze=30,swaps=8"),
        new("optdigits: none", "optdigits", 24, 150, "none"),
    ];

    /// <summary>The rows of sudden-drops-open-points.svg.</summary>
    public static IReadOnlyList<PicturedRow> Bars { get; } =
    [
        new("1 layer, full batch", "optdigits", 31, 150, "nsdropout"),
        new("2 layers, full batch", "optdigits", 26, 150, "nsdropout:layers=2"),
        new("3 layers, full batch", "optdigits", 26, 150, "nsdropout:layers=3"),
        new("batches of 512", "optdigits", 26, 40, "nsdropout:batch=512"),
        new("batches of 64", "optdigits", 26, 20, "nsdropout:batch=64"),
        new("… masks frozen after epoch 5", "optdigits", 26, 20, "nsdropout:batch=64,freeze=5"),
        new("full batch, keep-largest", "optdigits", 26, 150, "nsdropout:keep-largest"),
        new("batches of 64, keep-largest", "optdigits", 26, 20, "nsdropout:batch=64,keep-largest"),
        new("… masks frozen after epoch 5", "optdigits", 26, 20, "nsdropout:batch=64,keep-largest,freeze=5"),
        new("classes 3 and 8, full batch", "optdigits:3+8", 26, 100, "nsdropout"),
        new("inputs −1 or 1, full batch", "optdigits:binary", 26, 150, "nsdropout"),
    ];

    /// <summary>Trains rows, and says the test errors of each as it ends.</summary>
    public static IReadOnlyList<TitledRuns> Train(IReadOnlyList<PicturedRow> rows)
    {
        var trained = new List<TitledRuns>();
        foreach (var sameData in rows.GroupBy(row => row.Data, StringComparer.Ordinal))
        {
            using var samples = Samples.Load(sameData.Key);
            foreach (var row in sameData)
            {
                var runs = new TitledRuns(row.Title, new DropLab(samples, row.Epochs).Train(SuddenDrops.Variant.Parse(row.Variant), (FirstSeed, row.LastSeed), measuresSharpness: false));
                Console.WriteLine($"{runs.Title}, {runs.Runs.Count} seeds: test error {runs.TestError:P1} without labels, {runs.TestErrorLabelMask:P1} with masks of the true labels");
                trained.Add(runs);
            }
        }

        return trained;
    }
}

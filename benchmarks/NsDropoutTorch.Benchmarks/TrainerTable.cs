using NsDropoutTorch.Training.Data;
using Spectre.Console;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Benchmarks;

/// <summary>Samples per second of the trainer, on all threads, as ratios to a hand-written loop: MNIST where it is found, else generated digits.</summary>
internal static class TrainerTable
{
    private static readonly (string Name, Func<nn.Module<Tensor, Tensor>> Create)[] Layers =
    [
        ("none", () => nn.Identity()),
        ("Dropout", () => nn.Dropout(0.2)),
        ("NSDropout", () => nn.NSDropout(128, 10, 0.2)),
    ];

    public static void Print()
    {
        var digits = Digits();
        using var train = digits.TrainTensors();
        using var validation = digits.TestTensors();
        var contest = new TrainerContest(train, validation);
        var table = new Table().Border(TableBorder.Simple)
            .AddColumns($"{digits.Name}, {train.Count} samples, {get_num_threads()} threads", "by hand, samples/s", "trainer, samples/s", "trainer ÷ by hand");
        foreach (var batchSize in new[] { 128, 32 })
        {
            foreach (var (name, create) in Layers)
            {
                var (byHand, trainer) = contest.Run(batchSize, create);
                table.AddRow($"{name}, batch {batchSize}", $"{byHand:N0}", $"{trainer:N0}", $"{trainer / byHand:0.000}");
            }
        }

        AnsiConsole.Write(table);
    }

    private static Dataset Digits()
    {
        var catalog = DatasetCatalog.Over();
        return catalog.Find("mnist").IsAvailable ? catalog.Load("mnist") : SyntheticDigits.Generate(seed: 0);
    }
}

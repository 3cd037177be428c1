using Spectre.Console;
using TorchSharp;

namespace NsDropoutTorch.Benchmarks;

/// <summary>Forward and backward of the layers, on one thread, as ratios to a bare multiplication by a mask.</summary>
internal static class LayerTable
{
    public static void Print()
    {
        var threads = torch.get_num_threads();
        torch.set_num_threads(1);
        var table = new Table().Border(TableBorder.Simple).AddColumns("forward + backward, float32, 1 thread", "µs", "× floor", "Dropout ÷ this");
        foreach (var (rows, features) in new[] { (32L, 128L), (256L, 1024L), (8000L, 128L) })
        {
            var times = LayerContest.Run(rows, features);
            foreach (var name in times.Keys) AddRow(table, times, name, $"{name} [{rows}, {features}]");
        }

        foreach (var cacheRows in new[] { 600L, 60_000L })
        {
            var times = LayerContest.Run(256, 1024, cacheRows: cacheRows);
            AddRow(table, times, LayerContest.NSDropout, $"{LayerContest.NSDropout} [256, 1024], cache of {cacheRows} rows");
        }

        AnsiConsole.Write(table);
        torch.set_num_threads(threads);
    }

    private static void AddRow(Table table, IReadOnlyDictionary<string, double> times, string name, string title) => table.AddRow(
        Markup.Escape(title),
        $"{times[name]:0.0}",
        $"{times[name] / times[LayerContest.Floor]:0.00}",
        $"{times[LayerContest.Dropout] / times[name]:0.00}");
}

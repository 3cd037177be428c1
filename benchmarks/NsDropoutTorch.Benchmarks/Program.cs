using System.Globalization;
using NsDropoutTorch.Benchmarks;
using Spectre.Console;
using TorchSharp;

// Ratios to the floor, measured in one run; the absolute times are only there to be divided.
torch.manual_seed(0);
torch.set_num_threads(1);

var table = new Table().Border(TableBorder.Simple).AddColumns("forward + backward, float32, 1 thread", "µs", "× floor", "Dropout ÷ this");
foreach (var (rows, features) in new[] { (32L, 128L), (256L, 1024L), (8000L, 128L) })
{
    var times = LayerContest.Run(rows, features);
    foreach (var (name, time) in times)
        table.AddRow($"{name} {Markup.Escape($"[{rows}, {features}]")}", Number(time), Number(time / times[LayerContest.Floor]), Number(times[LayerContest.Dropout] / time));
}

foreach (var cacheRows in new[] { 600L, 60_000L })
{
    var times = LayerContest.Run(256, 1024, cacheRows: cacheRows);
    var time = times[LayerContest.NSDropout];
    table.AddRow($"NSDropout {Markup.Escape("[256, 1024]")}, cache of {cacheRows} rows", Number(time), Number(time / times[LayerContest.Floor]), Number(times[LayerContest.Dropout] / time));
}

AnsiConsole.Write(table);

static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

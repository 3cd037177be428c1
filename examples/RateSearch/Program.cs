// A drop rate that sets itself while a network is trained, beside fixed rates, a grid that is tuned on a fifth held out, and the best rate of the grid by the test set, which nobody can know.
// dotnet run --project examples/RateSearch -c Release [-- SEEDS EPOCHS SAMPLES]
using System.Globalization;
using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Training;
using RateSearch;
using TorchSharp;

NativeDefaults.Apply();
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
torch.set_num_threads(1);
var numbers = args.Select(argument => int.Parse(argument, CultureInfo.InvariantCulture)).ToArray();
var (seeds, epochs, samples) = (numbers.ElementAtOrDefault(0) is > 0 and var count ? count : 10, numbers.Length > 1 ? numbers[1] : 60, numbers.Length > 2 ? numbers[2] : 1000);
var catalog = DatasetCatalog.Over();
string[] names = ["optdigits", "mnist", "fashion-mnist"];

foreach (var name in names)
{
    if (catalog.FirstAvailable(name, "optdigits") != name)
    {
        Console.WriteLine($"{name}: left out, because it was not found; `nsdropout data download {name}` fetches it.");
        continue;
    }

    var data = (ImageDataset)catalog.Load(name);
    var rows = new Dictionary<string, List<double>>(StringComparer.Ordinal);
    for (var seed = 1; seed <= seeds; seed++)
    {
        using var task = new RateTask(data, samples, epochs, seed);
        var (matched, rate) = task.Matched();
        var (errors, tuned) = task.OverGrid();
        Add("rate found in the run", matched);
        Add("no dropout", task.At(0));
        Add("p = 0.2", errors[0.2]);
        Add("p = 0.5", errors[0.5]);
        Add("grid, tuned on a fifth", tuned);
        Add("grid, best by the test set", errors.Values.Min());
        Add("(the rate found)", rate);
    }

    Console.WriteLine($"{name}, {samples} samples, {epochs} epochs, {seeds} seeds: test error in %, mean ± standard deviation; less the rate found, seed by seed, ± standard error");
    foreach (var (what, values) in rows)
    {
        var difference = values.Zip(rows["rate found in the run"], (value, matched) => value - matched).ToArray();
        Console.WriteLine(what.StartsWith('(')
            ? $"  {what,-28} {values.Average():0.00} ± {Deviation(values):0.00}"
            : $"  {what,-28} {100 * values.Average():0.00} ± {100 * Deviation(values):0.00}   {100 * difference.Average():+0.00;-0.00;0.00} ± {100 * Deviation(difference) / Math.Sqrt(seeds):0.00}");
    }

    void Add(string what, double value)
    {
        if (!rows.TryGetValue(what, out var values)) rows.Add(what, values = []);
        values.Add(value);
    }
}

static double Deviation(IReadOnlyCollection<double> values) =>
    values.Count < 2 ? 0 : Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Count - 1));

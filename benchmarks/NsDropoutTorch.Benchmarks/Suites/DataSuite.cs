using System.IO.Compression;
using NsDropoutTorch.Data.Catalog;

namespace NsDropoutTorch.Benchmarks.Suites;

/// <summary>Reading a data set, checked and decoded, against merely decompressing the same files one after the other. Skips what is not there.</summary>
internal sealed class DataSuite : ISuite
{
    private const string Load = "load";
    private const string Tensors = "tensors";
    private const string Decompress = "decompress";

    public string Title => "Data";

    public IEnumerable<Row> Run(Effort effort)
    {
        var catalog = DatasetCatalog.Over();
        foreach (var name in new[] { "mnist", "cifar-10" })
        {
            if (catalog.Find(name).Folder is not { } folder) continue;
            var files = Directory.GetFiles(folder, "*.gz");
            var times = new Contest(effort with { Rounds = effort.Epochs }, name)
                .Add(Decompress, () => Array.ForEach(files, Unpack)).Add(Load, () => catalog.Load(name)).Add(Tensors, () => LoadTensors(catalog, name)).RunOnce();
            yield return new($"{name}, loaded and verified", times[Load] / times[Decompress], "decompressing", 1, Text.Time(times[Load])) { Goal = Goal.AtMost(1.5) };
            yield return new($"{name}, and as float tensors", times[Tensors] / times[Decompress], "decompressing", 1, Text.Time(times[Tensors]));
        }
    }

    private static void Unpack(string file)
    {
        using var stream = File.OpenRead(file);
        using var plain = new GZipStream(stream, CompressionMode.Decompress);
        var buffer = new byte[1 << 16];
        while (plain.Read(buffer) > 0)
        {
        }
    }

    private static void LoadTensors(DatasetCatalog catalog, string name)
    {
        var dataset = catalog.Load(name);
        using var train = dataset.TrainTensors();
        using var test = dataset.TestTensors();
    }
}

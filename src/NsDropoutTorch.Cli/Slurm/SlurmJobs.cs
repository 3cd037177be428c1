using System.Globalization;
using System.Text.Json;
using NsDropoutTorch.Cli.Sweeps;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Cli.Slurm;

/// <summary><c>jobs.json</c>: what was handed to Slurm for a sweep.</summary>
/// <param name="Scripts">SHA-256 of each script as it was written, by its name; one that differs was edited.</param>
/// <param name="Arrays">The arrays, the oldest first.</param>
/// <param name="Gatherers">Numbers of the jobs that gather.</param>
internal sealed record SlurmJobs(IReadOnlyDictionary<string, string> Scripts, IReadOnlyList<SubmittedArray> Arrays, IReadOnlyList<long> Gatherers)
{
    /// <summary>Its name within the folder of the results.</summary>
    public const string FileName = $"{SweepPlan.FolderName}/jobs.json";

    /// <summary>Nothing handed over.</summary>
    public static SlurmJobs None { get; } = new(new Dictionary<string, string>(StringComparer.Ordinal), [], []);

    /// <summary>All numbers of jobs.</summary>
    public IEnumerable<long> Numbers => Arrays.Select(array => array.Job).Concat(Gatherers);

    /// <summary>What was handed over for a folder of results.</summary>
    /// <param name="results">The folder.</param>
    public static SlurmJobs Read(string results)
    {
        var path = Path.Combine(results, FileName);
        return File.Exists(path) ? JsonSerializer.Deserialize<SlurmJobs>(File.ReadAllBytes(path), RunJson.Indented)! : None;
    }

    /// <summary>The document as text.</summary>
    public string Format() => JsonSerializer.Serialize(this, RunJson.Indented) + "\n";

    /// <summary>The newest array that a unit was handed over with; null where it was with none.</summary>
    /// <param name="unit">Index of the unit.</param>
    public SubmittedArray? ArrayOf(int unit) => Arrays.LastOrDefault(array => array.Tasks.Contains(unit / array.Group));
}

/// <summary>An array that Slurm has taken.</summary>
/// <param name="Job">Its number.</param>
/// <param name="Offset">The task that has the number 0 in the array.</param>
/// <param name="Group">Units of a task.</param>
/// <param name="Tasks">The tasks, counted over the whole plan.</param>
internal sealed record SubmittedArray(long Job, int Offset, int Group, IReadOnlyList<int> Tasks)
{
    /// <summary>Numbers as Slurm writes them, <c>0-3,7</c>.</summary>
    /// <param name="numbers">The numbers, ascending.</param>
    public static string Ranges(IReadOnlyList<int> numbers)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var number in numbers)
        {
            if (ranges.Count > 0 && ranges[^1].Last == number - 1)
            {
                ranges[^1] = (ranges[^1].First, number);
            }
            else
            {
                ranges.Add((number, number));
            }
        }

        return string.Join(',', ranges.Select(range => range.First == range.Last ? Text(range.First) : $"{Text(range.First)}-{Text(range.Last)}"));

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }
}

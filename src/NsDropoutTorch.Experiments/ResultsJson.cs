using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using NsDropoutTorch.Experiments.Audit;
using NsDropoutTorch.Training;

namespace NsDropoutTorch.Experiments;

/// <summary><c>results.json</c>: the results of a comparison as a document for people and programs (docs/evaluation.md).</summary>
public static class ResultsJson
{
    /// <summary>The document's name in an output folder.</summary>
    public const string FileName = "results.json";

    internal static JsonSerializerOptions Compact { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LetNullsBeMissing } },
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        Converters = { new FiniteOrNullConverter() },
    };

    internal static JsonSerializerOptions Indented { get; } = new(Compact)
    {
        WriteIndented = true,
        NewLine = "\n",
        Converters =
        {
            new OneLineEachConverter<HistoryPoint>(Compact),
            new OneLineEachConverter<IReadOnlyList<long>>(Compact),
            new OneLineEachConverter<MaskSnapshot>(Compact),
            new OneLineEachConverter<TestExample>(Compact),
            new OneLineConverter<SplitCounts>(Compact),
        },
    };

    /// <summary>The document as text, ending with a new line.</summary>
    /// <param name="results">The results.</param>
    public static string Format(ComparisonResults results) => JsonSerializer.Serialize(results, Indented) + "\n";

    /// <summary>Reads a document.</summary>
    /// <param name="json">Its text.</param>
    /// <exception cref="FormatException">It is not one, or of another schema.</exception>
    public static ComparisonResults Parse(string json)
    {
        try
        {
            var results = JsonSerializer.Deserialize<ComparisonResults>(json, Indented);
            return results?.Schema == ComparisonResults.CurrentSchema ? Renewed(results) : throw new FormatException(
                $"results must be of schema {ComparisonResults.CurrentSchema}, but got {results?.Schema.ToString() ?? "null"}.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"results must be a JSON document as nsdropout compare writes it, but got: {e.Message}", e);
        }
    }

    /// <summary>Writes <see cref="FileName"/> in <paramref name="folder"/>, in full or not at all.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="results">The results.</param>
    /// <returns>The path of the file.</returns>
    public static string Write(string folder, ComparisonResults results)
    {
        var path = Path.Combine(folder, FileName);
        var text = System.Text.Encoding.UTF8.GetBytes(Format(results));
        ResultFile.Write(path, () => AtomicFile.Write(path, stream => stream.Write(text)));
        return path;
    }

    // What follows from the runs is taken from them, so that a document of before says what this version would have said.
    private static ComparisonResults Renewed(ComparisonResults results)
    {
        RunResult[] runs = [.. results.Runs.Select(run => run.Marked())];
        return results with { Runs = runs, Comparisons = PairedComparison.Of(runs), Audits = LayerAudit.Of(runs) };
    }

    // Documents of before a figure was measured lack it.
    private static void LetNullsBeMissing(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => Nullable.GetUnderlyingType(property.PropertyType) is not null))
        {
            property.IsRequired = false;
        }
    }
}

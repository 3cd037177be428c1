using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Training.Checkpoints;

namespace NsDropoutTorch.Experiments;

/// <summary><c>results.json</c>: the results of a comparison as a document for people and programs (docs/evaluation.md).</summary>
public static class ResultsJson
{
    /// <summary>The document's name in an output folder.</summary>
    public const string FileName = "results.json";

    /// <summary>The document as text, ending with a new line.</summary>
    /// <param name="results">The results.</param>
    public static string Format(ComparisonResults results) => JsonSerializer.Serialize(results, RunJson.Indented) + "\n";

    /// <summary>Reads a document.</summary>
    /// <param name="json">Its text.</param>
    /// <exception cref="FormatException">It is not one, or of another schema.</exception>
    public static ComparisonResults Parse(string json)
    {
        try
        {
            var results = JsonSerializer.Deserialize<ComparisonResults>(json, RunJson.Indented);
            return results?.Schema == ComparisonResults.CurrentSchema ? Recomputed(results) : throw new FormatException(
                Invariant($"results must be of schema {ComparisonResults.CurrentSchema}, but got {(results is null ? "null" : results.Schema)}."));
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

    // What follows from the runs is computed from them again, by the rules of this version.
    private static ComparisonResults Recomputed(ComparisonResults results) => results.Computed();
}

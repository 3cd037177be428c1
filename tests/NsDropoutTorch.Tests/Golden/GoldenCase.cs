using System.Text.Json;

namespace NsDropoutTorch.Tests.Golden;

/// <summary>One case of nsdropout.json, with the names of the file.</summary>
public sealed record GoldenCase(
    string name, double p, int num_classes, int num_features, long k,
    double[][] input, long[] labels, double[][] validation_input, long[] validation_labels, double[][] grad_output,
    double[][] class_means_train, double[][] class_means_validation, double[][] gap, double[][] class_masks,
    double[][] train_output, double[][] train_grad_scaled, double[][] train_grad_reference, double[][] label_mask_eval_output_reference)
{
    private static readonly Lazy<Dictionary<string, GoldenCase>> All = new(Read);

    public static IEnumerable<string> Names => All.Value.Keys;

    public static GoldenCase Named(string name) => All.Value[name];

    private static Dictionary<string, GoldenCase> Read()
    {
        using var stream = typeof(GoldenCase).Assembly.GetManifestResourceStream("nsdropout.json")!;
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.GetProperty("cases").Deserialize<GoldenCase[]>()!.ToDictionary(c => c.name, StringComparer.Ordinal);
    }
}

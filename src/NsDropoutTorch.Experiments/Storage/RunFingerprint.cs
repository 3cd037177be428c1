using System.Text.Json;
using System.Text.Json.Nodes;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments.Storage;

/// <summary>All that decides, beside layer and seed, what a run gives bit for bit: settings, data, library versions, device and number of threads.</summary>
public sealed class RunFingerprint
{
    private static readonly string[] WithoutEffect = ["layers", "seeds", "datasetPath"];

    private readonly JsonObject values;

    private RunFingerprint(JsonObject values) => this.values = values;

    /// <summary>The fingerprint of a comparison's runs. It leaves out the lists of layers and seeds, which may grow, and the path of the data, for which the checksums of the files stand.</summary>
    /// <param name="settings">What is compared and how.</param>
    /// <param name="environment">Where it runs.</param>
    public static RunFingerprint Of(ComparisonSettings settings, RunEnvironment environment)
    {
        var decisive = Document(settings);
        foreach (var name in WithoutEffect)
        {
            decisive.Remove(name);
        }

        foreach (var (name, value) in Document(WhatDecides(environment)))
        {
            decisive[name] = value?.DeepClone();
        }

        return new(decisive);
    }

    internal static RunFingerprint Parse(JsonObject values) => new(values);

    internal JsonObject ToJson() => (JsonObject)values.DeepClone();

    /// <summary>The first value in which two fingerprints differ, with both texts; null when they are equal.</summary>
    /// <param name="other">The other fingerprint.</param>
    internal (string Name, string Here, string There)? DifferenceFrom(RunFingerprint other)
    {
        var names = values.Select(pair => pair.Key).Union(other.values.Select(pair => pair.Key), StringComparer.Ordinal);
        foreach (var name in names)
        {
            var (here, there) = (Text(name), other.Text(name));
            if (here != there)
            {
                return (name, here, there);
            }
        }

        return null;
    }

    private static object WhatDecides(RunEnvironment environment) => new
    {
        environment.Project,
        environment.TorchSharp,
        environment.Libtorch,
        environment.Architecture,
        environment.Processor,
        environment.Device,
        environment.Threads,
        environment.Data,
    };

    // By way of text, so that a value reads the same whether it comes from memory or from a file.
    private static JsonObject Document(object value) => (JsonObject)JsonNode.Parse(JsonSerializer.Serialize(value, RunJson.Compact))!;

    private string Text(string name) => values[name]?.ToJsonString() ?? "null";
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments.Storage;

/// <summary>All that decides, beside layer and seed, what a run gives bit for bit: settings, data, library versions, device and number of threads.</summary>
public sealed class RunFingerprint
{
    private static readonly string[] WithoutEffect = ["layers", "seeds", "datasetPath", "tuneBy"];

    private readonly JsonObject values;

    private RunFingerprint(JsonObject values) => this.values = values;

    /// <summary>The fingerprint of a comparison's runs. It leaves out the lists of layers and seeds, which may grow, what the rate is tuned by, and the path of the data, for which the checksums of the files stand.</summary>
    /// <param name="settings">What is compared and how.</param>
    /// <param name="environment">Where it runs.</param>
    public static RunFingerprint Of(ComparisonSettings settings, RunEnvironment environment)
    {
        var decisive = Decisive(settings);
        Add(decisive, WhatDecides(environment));
        return new(decisive);
    }

    /// <summary>
    /// What is known of the fingerprint before a run begins on a machine that is still to be chosen: settings, data, versions of this project and of TorchSharp, device and threads. It needs no libtorch.
    /// </summary>
    /// <param name="settings">What is compared and how.</param>
    /// <param name="dataset">The data set.</param>
    /// <param name="device">The device, for instance <c>cpu</c>.</param>
    /// <param name="threads">Threads that libtorch is to compute with.</param>
    public static RunFingerprint Planned(ComparisonSettings settings, Dataset dataset, string device, int threads)
    {
        var decisive = Decisive(settings);
        Add(decisive, new { Project = RunEnvironment.ProjectVersion, TorchSharp = RunEnvironment.TorchSharpVersion, Device = device, Threads = threads, Data = DataSource.Of(dataset) });
        return new(decisive);
    }

    /// <summary>All values as one JSON document; <see cref="Parse"/> reads it.</summary>
    public JsonObject ToJson() => (JsonObject)values.DeepClone();

    /// <summary>The fingerprint in a document.</summary>
    /// <param name="values">As <see cref="ToJson"/> gives it.</param>
    public static RunFingerprint Parse(JsonObject values) => new(values);

    /// <summary>A short text that is equal for equal fingerprints, and hardly for others: twelve hexadecimal digits of the SHA-256.</summary>
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Names(values).Order(StringComparer.Ordinal).Select(name => $"{name} {Text(name)}")))))[..12];

    /// <summary>The environment of runs that were made elsewhere, as far as it decides them.</summary>
    /// <param name="dotnet">The .NET runtime.</param>
    /// <param name="os">The operating system.</param>
    /// <param name="cores">Logical cores.</param>
    /// <param name="started">When the comparison began.</param>
    public RunEnvironment ToEnvironment(string dotnet, string os, int cores, DateTimeOffset started) => new(
        Value<string>("project")!, Value<string>("torchSharp")!, Value<string>("libtorch")!, dotnet, os, Value<string>("architecture")!, Value<string?>("processor"), cores, Value<int>("threads"),
        Value<string>("device")!, started, Value<DataSource>("data")!);

    /// <summary>The first value that this one has and another has not, with both texts; null where the other agrees in all that this one says.</summary>
    /// <param name="other">A fingerprint that may say more.</param>
    public (string Name, string Here, string There)? ContradictionOf(RunFingerprint other) => DifferenceFrom(other, Names(values));

    private T? Value<T>(string name) => values[name].Deserialize<T>(RunJson.Compact);

    private static JsonObject Decisive(ComparisonSettings settings)
    {
        var decisive = Document(settings);
        foreach (var name in WithoutEffect)
        {
            decisive.Remove(name);
        }

        return decisive;
    }

    private static void Add(JsonObject decisive, object more)
    {
        foreach (var (name, value) in Document(more))
        {
            decisive[name] = value?.DeepClone();
        }
    }

    private static IEnumerable<string> Names(JsonObject values) => values.Select(pair => pair.Key);

    /// <summary>The first value in which two fingerprints differ, with both texts; null when they are equal.</summary>
    /// <param name="other">The other fingerprint.</param>
    internal (string Name, string Here, string There)? DifferenceFrom(RunFingerprint other) =>
        DifferenceFrom(other, Names(values).Union(Names(other.values), StringComparer.Ordinal));

    private (string Name, string Here, string There)? DifferenceFrom(RunFingerprint other, IEnumerable<string> names)
    {
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

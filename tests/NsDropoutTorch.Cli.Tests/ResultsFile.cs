using System.Text.Json.Nodes;

namespace NsDropoutTorch.Cli.Tests;

/// <summary>A <c>results.json</c> as it must be equal in two sweeps.</summary>
internal static class ResultsFile
{
    /// <summary>The document without times.</summary>
    public static string WithoutTimes(string path)
    {
        var document = JsonNode.Parse(File.ReadAllText(path))!;
        document["environment"]!.AsObject().Remove("started");
        foreach (var run in document["runs"]!.AsArray())
        {
            Assert.True(run!.AsObject().Remove("trainSeconds") && run.AsObject().Remove("samplesPerSecond"));
        }

        return document.ToJsonString();
    }
}

using System.Text.Json.Nodes;

namespace NsDropoutTorch.Tests.Support;

/// <summary>A <c>results.json</c> as it must be equal in two comparisons.</summary>
internal static class ResultsDocument
{
    /// <summary>The document without times.</summary>
    /// <param name="json">The document.</param>
    public static string WithoutTimes(string json)
    {
        var document = JsonNode.Parse(json)!;
        document["environment"]!.AsObject().Remove("started");
        foreach (var run in document["runs"]!.AsArray())
        {
            Assert.True(run!.AsObject().Remove("trainSeconds") && run.AsObject().Remove("samplesPerSecond"));
        }

        return document.ToJsonString();
    }
}

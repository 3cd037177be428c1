using System.Text.Json.Nodes;

namespace NsDropoutTorch.Experiments.Runs;

/// <summary>A finished run as it is kept: one file of <c>runs/</c>.</summary>
/// <param name="Schema">Version of the run's structure, as in <c>results.json</c>.</param>
/// <param name="Fingerprint">What else decided the run.</param>
/// <param name="Run">What it measured.</param>
internal sealed record RunFile(int Schema, JsonObject Fingerprint, RunResult Run);

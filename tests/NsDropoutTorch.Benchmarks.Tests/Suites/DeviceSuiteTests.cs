using NsDropoutTorch.Benchmarks.Suites;
using NsDropoutTorch.Tests.Support;
using static TorchSharp.torch;

namespace NsDropoutTorch.Benchmarks.Tests.Suites;

public sealed class DeviceSuiteTests
{
    /// <summary>The host stands in for the device: whether everything runs, not how fast.</summary>
    [Fact]
    public void Run_HasRowsOfLoopsAndLayers()
    {
        var remarks = new List<string>();
        var rows = new DeviceSuite(CPU).Run(Effort.Smoke with { Samples = 256, Say = remarks.Add }).ToList();

        Assert.All(rows, row => Assert.True(double.IsFinite(row.Ratio) && row.Ratio > 0, $"{row.Subject}: {row.Ratio}"));
        Assert.Contains(rows, row => row is { Subject: "trainer, batch 128", Reference: LoopSuite.TorchSharpLoop });
        Assert.Contains(rows, row => row is { Subject: "label-free NSDropout, batch 1024", Reference: "the trainer without a layer" });
        Assert.Contains(rows, row => row is { Subject: "NSDropout [4096, 4096]", Reference: "Dropout" });
        Assert.StartsWith(rows.Exists(row => row.Reference.StartsWith("PyTorch", StringComparison.Ordinal)) ? "PyTorch eager" : "There are no rows about PyTorch", Assert.Single(remarks), StringComparison.Ordinal);
    }

    [CudaFact]
    public void Run_OnADevice_HasRows() => Assert.NotEmpty(new DeviceSuite().Run(Effort.Smoke with { Samples = 256 }));
}

using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class ProcessorNameTests
{
    [Fact]
    public void Parse_Cpuinfo_FindsTheModel() => Assert.Equal(
        "AMD EPYC 7B13: a name", ProcessorName.Parse(["processor\t: 0", "model name\t: AMD EPYC 7B13: a name", "model name\t: other"]));

    [Fact]
    public void Parse_WithoutModel_IsNull() => Assert.Null(ProcessorName.Parse(["processor\t: 0"]));
}

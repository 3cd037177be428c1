using NsDropoutTorch.Experiments.Statistics;

namespace NsDropoutTorch.Experiments.Tests.Statistics;

public sealed class MeanIntervalTests
{
    private static readonly double[] Eight = [0.0672, 0.2168, 0.0715, 0.5187, 0.1013, 0.113, 0.0518, 0.2538];
    private static readonly double[] Two = [0.0502, 0.0521];
    private static readonly double[] Ten = [0.0501, 0.0489, 0.0512, 0.0478, 0.0495, 0.0533, 0.0467, 0.0508, 0.0499, 0.0481];

    // SciPy 1.10.1: scipy.stats.t.interval(confidence, len(x) - 1, loc=x.mean(), scale=scipy.stats.sem(x))
    public static TheoryData<double[], double, double, double> SciPy => new()
    {
        { Eight, 0.95, 0.042883263301624425, 0.3056417366983756 },
        { Eight, 0.99, -0.020169847654469247, 0.36869484765446925 },
        { Two, 0.95, 0.03907910550038952, 0.06322089449961048 },
        { Two, 0.99, -0.009323904104730253, 0.11162390410473025 },
        { Ten, 0.95, 0.0482722659097138, 0.05098773409028619 },
        { Ten, 0.99, 0.047679466863483934, 0.05158053313651605 },
    };

    [Theory]
    [MemberData(nameof(SciPy))]
    public void Of_Values_AgreesWithSciPy(double[] values, double confidence, double low, double high)
    {
        var interval = MeanInterval.Of(values, confidence)!;

        Assert.Equal(low, interval.Low, 1e-9);
        Assert.Equal(high, interval.High, 1e-9);
    }

    [Fact]
    public void Of_OneValue_IsNull() => Assert.Null(MeanInterval.Of([0.5]));
}

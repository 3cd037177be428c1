namespace NsDropoutTorch.Data.Tests;

public class SpiralTests
{
    [Fact]
    public void Generate_Default_HasAThousandTrainingAndAHundredTestPointsAnArm()
    {
        var set = Spiral.Generate(seed: 0);

        Assert.Equal([1000, 1000, 1000], set.Train.CountPerClass(3));
        Assert.Equal([100, 100, 100], set.Test.CountPerClass(3));
        Assert.Equal(2, set.Train.NumFeatures);
    }

    [Fact]
    public void Generate_Points_LieAtTheirRadius()
    {
        var train = Spiral.Generate(seed: 3).Train;
        for (var row = 0; row < train.Count; row++)
        {
            var (x, y) = (train.ValuesOf(row)[0], train.ValuesOf(row)[1]);
            Assert.Equal(row % 1000 / 999.0, Math.Sqrt(((double)x * x) + ((double)y * y)), 1e-6);
        }
    }

    [Fact]
    public void Generate_Points_ScatterAroundTheirAngleByTheNoiseOfTheBook()
    {
        var train = Spiral.Generate(seed: 3).Train;
        var deviations = Enumerable.Range(0, train.Count).Where(row => row % 1000 > 0).Select(row => AngleError(train, row)).ToList();
        var mean = deviations.Average();

        Assert.InRange(mean, -0.05, 0.05);
        Assert.InRange(Math.Sqrt(deviations.Average(d => (d - mean) * (d - mean))), 0.47, 0.53); // 2.5 · 0.2
    }

    [Fact]
    public void Generate_SameSeed_GivesTheSamePoints()
    {
        Assert.Equal(Spiral.Generate(seed: 9).Test.Values, Spiral.Generate(seed: 9).Test.Values);
        Assert.NotEqual(Spiral.Generate(seed: 9).Test.Values, Spiral.Generate(seed: 8).Test.Values);
    }

    /// <summary>Angle of the point less 2.5·(4c + 4r), within half a turn.</summary>
    private static double AngleError(TabularSet set, int row)
    {
        var (arm, step) = Math.DivRem(row, 1000);
        var error = Math.Atan2(set.ValuesOf(row)[0], set.ValuesOf(row)[1]) - (2.5 * 4 * (arm + (step / 999.0)));
        return Math.IEEERemainder(error, 2 * Math.PI);
    }
}

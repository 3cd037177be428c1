namespace NsDropoutTorch.Data;

/// <summary>
/// Three interleaved spiral arms in the plane. For class c, r runs evenly from 0 to 1 and the angle from 4c to 4(c+1), plus 0.2·N(0,1);
/// x = r·sin(2.5·angle), y = r·cos(2.5·angle).
/// </summary>
/// <remarks>
/// The data set of the book "Neural Networks from Scratch" (Kinsley, Kukieła, 2020). Sine and logarithm may differ in the last bit of a
/// double from one C library to another; rounding to float hides that but for about one value in 10⁸.
/// </remarks>
public static class Spiral
{
    private static readonly string[] Arms = ["arm 0", "arm 1", "arm 2"];

    /// <summary>Arms of <paramref name="trainPerClass"/> and <paramref name="testPerClass"/> points; the same seed gives the same points.</summary>
    public static TabularDataset Generate(int seed, int trainPerClass = 1000, int testPerClass = 100) => DatasetEvents.Loaded(new TabularDataset(
        "spiral",
        Arms.Length,
        Arms,
        ["x", "y"],
        Points(new SeededRandom(seed, stream: 0), trainPerClass),
        Points(new SeededRandom(seed, stream: 1), testPerClass),
        Invariant($"Three-arm spiral with noise, {trainPerClass} training and {testPerClass} test points a class, generated with seed {seed}."),
        []));

    private static TabularSet Points(SeededRandom random, int perClass)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perClass, 2);
        var values = new float[Arms.Length * perClass * 2];
        var labels = new byte[Arms.Length * perClass];
        for (var row = 0; row < labels.Length; row++)
        {
            var (arm, step) = Math.DivRem(row, perClass);
            var r = step / (perClass - 1.0);
            var angle = 2.5 * ((4 * (arm + r)) + (0.2 * random.NextNormal()));
            (values[2 * row], values[(2 * row) + 1]) = ((float)(r * Math.Sin(angle)), (float)(r * Math.Cos(angle)));
            labels[row] = (byte)arm;
        }

        return new TabularSet(numFeatures: 2, values, labels);
    }
}

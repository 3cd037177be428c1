using System.Globalization;
using System.Text;

namespace NsDropoutTorch.Experiments.Charts;

/// <summary>
/// The plane as a classifier sees it: a colour for each class, paler where it is less sure, and points in shapes of their classes above. The colours differ for readers who confuse red
/// and green, and are the same in light and dark, as those of a photograph.
/// </summary>
internal static class DecisionPicture
{
    public const double Size = 300;

    private const int Levels = 6;
    private const double Paper = 255;
    private const double Palest = 0.1;
    private const double Strongest = 0.55;

    private static readonly (int Red, int Green, int Blue)[] Colours = [(0, 114, 178), (213, 94, 0), (70, 70, 70), (154, 79, 131), (0, 158, 115)];

    /// <summary>Classes that have a colour and a shape.</summary>
    public static int MostClasses => Colours.Length;

    private static readonly byte[] Palette = [.. Colours.SelectMany(colour => Enumerable.Range(0, Levels).SelectMany(level => Tint(colour, level)))];

    /// <summary>A grid as a picture, to be laid below the points.</summary>
    /// <param name="side">Rows and columns.</param>
    /// <param name="classes">Class of each point, row by row.</param>
    /// <param name="probabilities">Its probability.</param>
    public static Html Map(int side, IReadOnlyList<byte> classes, IReadOnlyList<float> probabilities)
    {
        var pixels = classes.Zip(probabilities, (label, p) => (byte)((label % MostClasses * Levels) + Level(p))).ToArray();
        var data = Convert.ToBase64String(PngImage.EncodeIndexed(side, side, Palette, pixels));
        return Html.Of($"""<image width="{Size:0}" height="{Size:0}" decoding="sync" href="data:image/png;base64,{data}"/>""");
    }

    /// <summary>The points, a path for each class.</summary>
    /// <param name="values">x and y of each point in turn.</param>
    /// <param name="labels">Their classes.</param>
    /// <param name="extent">What lies at the edge of the picture.</param>
    public static Html Points(IReadOnlyList<float> values, IReadOnlyList<byte> labels, double extent) => Html.Join(
        labels.Index().GroupBy(point => point.Item % MostClasses).OrderBy(points => points.Key).Select(points => Html.Of(
            $"""<path class="point" fill="{Ink(points.Key)}" d="{Shapes(points.Key, points.Select(point => Place(values, point.Index, extent)))}"/>""")));

    /// <summary>A small shape in the colour of a class, for a key.</summary>
    /// <param name="label">The class.</param>
    public static Html Key(int label) => Html.Of(
        $"""<svg class="shape" viewBox="-4 -4 8 8" aria-hidden="true"><path class="point" fill="{Ink(label)}" d="{Shapes(label, [(0, 0)])}"/></svg>""");

    /// <summary>How sure an answer is, from 0 to <see cref="Levels"/> − 1: below 50 %, then in steps of 10 points, and from 90 %.</summary>
    /// <param name="probability">Probability of the class answered.</param>
    internal static int Level(float probability) => (int)Math.Clamp((probability - 0.4) * 10, 0, Levels - 1);

    private static string Ink(int label)
    {
        var (red, green, blue) = Colours[label % MostClasses];
        return Invariant($"#{red:x2}{green:x2}{blue:x2}");
    }

    private static IEnumerable<byte> Tint((int Red, int Green, int Blue) colour, int level)
    {
        var part = Palest + ((Strongest - Palest) * level / (Levels - 1));
        return new[] { colour.Red, colour.Green, colour.Blue }.Select(channel => (byte)Math.Round(Paper + (part * (channel - Paper))));
    }

    private static (double X, double Y) Place(IReadOnlyList<float> values, int point, double extent) =>
        (Size * (1 + (values[2 * point] / extent)) / 2, Size * (1 - (values[(2 * point) + 1] / extent)) / 2);

    private static string Shapes(int label, IEnumerable<(double X, double Y)> places)
    {
        var shape = (label % MostClasses) switch
        {
            0 => "m-2.2 0a2.2 2.2 0 1 0 4.4 0a2.2 2.2 0 1 0-4.4 0z",
            1 => "m0-2.8l2.6 4.6h-5.2z",
            2 => "m-2-2h4v4h-4z",
            3 => "m0-2.9l2.9 2.9l-2.9 2.9l-2.9-2.9z",
            _ => "m-2.6-1.8h5.2l-2.6 4.6z",
        };
        var data = new StringBuilder();
        foreach (var (x, y) in places)
            data.Append(CultureInfo.InvariantCulture, $"M{x:0.#} {y:0.#}").Append(shape);
        return data.ToString();
    }
}

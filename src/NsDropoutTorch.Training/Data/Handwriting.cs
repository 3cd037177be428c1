namespace NsDropoutTorch.Training.Data;

/// <summary>
/// One person's hand at one moment: turns a template's points into pixels by a tremor, a bend, and a random affine map.
/// The rotation is written by the tangent of half its angle, so that only exactly rounded arithmetic takes part.
/// </summary>
internal sealed class Handwriting
{
    private const double Centre = 13.5;
    private const double Height = 19;
    private readonly double scaleX, scaleY, shear, sin, cos, shiftX, shiftY, bendX, bendY, tremor;

    /// <summary>Draws the hand's habits.</summary>
    public Handwriting(ref SeededRandom random)
    {
        scaleX = Height * random.Between(0.55, 1.05);
        scaleY = Height * random.Between(0.75, 1.1);
        shear = 0.12 + (0.19 * random.NextBell());
        var halfTangent = 0.075 * random.NextBell();
        cos = (1 - (halfTangent * halfTangent)) / (1 + (halfTangent * halfTangent));
        sin = 2 * halfTangent / (1 + (halfTangent * halfTangent));
        (shiftX, shiftY) = (1.1 * random.NextBell(), 1.1 * random.NextBell());
        (bendX, bendY) = (0.25 * random.NextBell(), 0.2 * random.NextBell());
        tremor = random.Between(0.01, 0.035);
        Radius = random.Between(0.7, 1.7);
        Ink = random.Between(0.75, 1);
    }

    /// <summary>Half the pen's width in pixels.</summary>
    public double Radius { get; }

    /// <summary>Intensity of the pen's middle, at most 1.</summary>
    public double Ink { get; }

    /// <summary>The stroke in pixels, with a tremor of its own at every point.</summary>
    public Stroke Write(Stroke template, ref SeededRandom random)
    {
        var points = new StrokePoint[template.Points.Count];
        for (var i = 0; i < points.Length; i++)
        {
            var (x, y) = (template.Points[i].X + (tremor * random.NextBell()), template.Points[i].Y + (tremor * random.NextBell()));
            points[i] = Place(x - 0.5, y - 0.5);
        }

        return template with { Points = points };
    }

    private StrokePoint Place(double x, double y)
    {
        var bentX = scaleX * (x + (bendX * ((y * y) - 0.1)));
        var bentY = scaleY * (y + (bendY * ((x * x) - 0.1)));
        var slanted = bentX - (shear * bentY);
        return new StrokePoint(Centre + shiftX + (cos * slanted) - (sin * bentY), Centre + shiftY + (sin * slanted) + (cos * bentY));
    }
}

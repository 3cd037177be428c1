namespace NsDropoutTorch.Experiments.Charts;

/// <summary>Where charts of curves draw in their figure, with room for the names of ticks to the left and below.</summary>
internal static class PlotArea
{
    public const double Width = 360;
    public const double Height = 240;
    public const double Left = 52;
    public const double Right = 350;
    public const double Top = 8;
    public const double Bottom = 204;

    /// <summary>The place of a part of the way from left to right.</summary>
    public static double X(double part) => Left + ((Right - Left) * part);

    /// <summary>The place of a part of the way from bottom to top.</summary>
    public static double Y(double part) => Bottom - ((Bottom - Top) * part);
}

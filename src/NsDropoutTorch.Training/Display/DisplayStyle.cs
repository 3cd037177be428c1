namespace NsDropoutTorch.Training.Display;

/// <summary>How pages and fragments look, on screens and paper, light and dark.</summary>
internal static class DisplayStyle
{
    /// <summary>The rules, for a page.</summary>
    public static Html Css { get; } = Read();

    private static Html Read()
    {
        using var stream = typeof(DisplayStyle).Assembly.GetManifestResourceStream(typeof(DisplayStyle), "display.css")!;
        using var reader = new StreamReader(stream);
        return Html.Trusted(reader.ReadToEnd());
    }
}

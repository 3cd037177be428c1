namespace NsDropoutTorch.Experiments.Report;

/// <summary>A page that needs nothing else: no network, no script, its style within.</summary>
internal static class HtmlPage
{
    private static readonly Html Style = Resource("report.css");

    public static string Of(string title, Html main) => Html.Of(
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <link rel="icon" href="data:,">
        <title>{title}</title>
        <style>
        {Style}</style>
        </head>
        <body>
        <main>
        {main}</main>
        </body>
        </html>

        """).ToString();

    private static Html Resource(string name)
    {
        using var stream = typeof(HtmlPage).Assembly.GetManifestResourceStream(typeof(HtmlPage), name)!;
        using var reader = new StreamReader(stream);
        return Html.Trusted(reader.ReadToEnd());
    }
}

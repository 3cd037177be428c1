using NsDropoutTorch.Experiments.Charts;

namespace NsDropoutTorch.Experiments.Report;

/// <summary>A page that needs nothing else: no network, no script, its style within.</summary>
internal static class HtmlPage
{
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
        {DisplayStyle.Css}</style>
        </head>
        <body>
        <main>
        {main}</main>
        </body>
        </html>

        """).ToString();
}

using System.Diagnostics;
using System.Text.Json;

namespace NsDropoutTorch.Experiments.Tests.Report;

/// <summary>Opens a page in headless Chromium and tells what the page did.</summary>
internal static class Chromium
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static string? Executable { get; } = (
        from name in new[] { "chromium", "chromium-browser", "google-chrome" }
        from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        let path = Path.Combine(folder, name)
        where File.Exists(path)
        select path).FirstOrDefault();

    /// <summary>The page's document, its console messages and the addresses it asked for.</summary>
    public static async Task<Visit> OpenAsync(string page)
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var (file, log) = (Path.Combine(folder, "page.html"), Path.Combine(folder, "net.json"));
            await File.WriteAllTextAsync(file, page);
            var (document, messages) = await RunAsync(
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run",
                "--host-resolver-rules=MAP * ~NOTFOUND", $"--user-data-dir={Path.Combine(folder, "profile")}", "--enable-logging=stderr",
                $"--log-net-log={log}", "--dump-dom", new Uri(file).AbsoluteUri);
            return new(document, [.. messages.Split('\n').Where(line => line.Contains(":CONSOLE:", StringComparison.Ordinal))], Requests(await File.ReadAllTextAsync(log)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Executable!, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (output, await error);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    // The browser's own requests have "not an origin" as initiator; those of a page have its origin.
    private static string[] Requests(string log)
    {
        using var document = JsonDocument.Parse(log);
        return
        [
            .. from entry in document.RootElement.GetProperty("events").EnumerateArray()
               where entry.TryGetProperty("params", out var parameters) && parameters.ValueKind == JsonValueKind.Object
                   && parameters.TryGetProperty("initiator", out var initiator) && initiator.GetString() != "not an origin"
                   && parameters.TryGetProperty("url", out _)
               select entry.GetProperty("params").GetProperty("url").GetString(),
        ];
    }

    internal sealed record Visit(string Document, IReadOnlyList<string> ConsoleMessages, IReadOnlyList<string> Requests);
}

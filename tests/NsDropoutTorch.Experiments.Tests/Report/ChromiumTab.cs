using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NsDropoutTorch.Experiments.Tests.Report;

/// <summary>
/// A page in headless Chromium that can be used as a person uses it: keys, clicks, sizes of the window, media. Speaks the DevTools protocol, and remembers what the page said and asked for.
/// </summary>
internal sealed class ChromiumTab : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource limit = new(Patience);
    private readonly ClientWebSocket socket = new();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory();
    private Process? browser;
    private Task errors = Task.CompletedTask;
    private string session = "";
    private int calls;

    /// <summary>Console messages, and what else the browser says of the page.</summary>
    public List<string> Messages { get; } = [];

    /// <summary>Addresses asked for since the page was opened, its own among them; not those of data within the page.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Opens a page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="width">Width of the window in CSS pixels.</param>
    /// <param name="media">Media features, such as <c>prefers-reduced-motion</c> with <c>reduce</c>.</param>
    public static async Task<ChromiumTab> OpenAsync(string page, int width = 1400, params (string Name, string Value)[] media)
    {
        var tab = new ChromiumTab();
        try
        {
            await tab.StartAsync();
            await tab.CallAsync("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = width, ["height"] = 900, ["deviceScaleFactor"] = 1, ["mobile"] = width < 500 });
            await tab.SetMediaAsync("", media);
            var file = Path.Combine(tab.folder.FullName, "page.html");
            await File.WriteAllTextAsync(file, page);
            await tab.CallAsync("Page.navigate", new JsonObject { ["url"] = new Uri(file).AbsoluteUri });
            await tab.UntilAsync("document.readyState === 'complete'");
            return tab;
        }
        catch
        {
            await tab.DisposeAsync();
            throw;
        }
    }

    /// <summary>The value of an expression in the page.</summary>
    public async Task<T> EvaluateAsync<T>(string expression)
    {
        var result = await CallAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true });
        Assert.True(result["exceptionDetails"] is null, $"{expression}: {result["exceptionDetails"]?.ToJsonString()}");
        return result["result"]!["value"].Deserialize<T>()!;
    }

    /// <summary>Waits until an expression is true.</summary>
    public async Task UntilAsync(string expression)
    {
        while (!await EvaluateAsync<bool>(expression))
            await Task.Delay(20, limit.Token);
    }

    /// <summary>Presses and lets go of a key, as the keyboard does.</summary>
    /// <param name="key">Its name, as <c>Tab</c>, <c>ArrowLeft</c>, or <c> </c>.</param>
    /// <param name="code">Its Windows key code.</param>
    public async Task PressAsync(string key, int code)
    {
        foreach (var type in new[] { "keyDown", "keyUp" })
        {
            var stroke = new JsonObject { ["type"] = type, ["key"] = key, ["code"] = key == " " ? "Space" : key, ["windowsVirtualKeyCode"] = code };
            if (type == "keyDown" && key is " " or "Enter") stroke["text"] = key == " " ? " " : "\r";
            await CallAsync("Input.dispatchKeyEvent", stroke);
        }
    }

    /// <summary>Shows the page as on other media, as <c>print</c>; an empty name is the screen.</summary>
    public Task SetMediaAsync(string medium, params (string Name, string Value)[] features) => CallAsync("Emulation.setEmulatedMedia", new JsonObject
    {
        ["media"] = medium,
        ["features"] = new JsonArray([.. features.Select(feature => new JsonObject { ["name"] = feature.Name, ["value"] = feature.Value })]),
    });

    /// <summary>The page as it is printed, a PDF.</summary>
    public async Task<byte[]> PrintAsync() => Convert.FromBase64String((string)(await CallAsync("Page.printToPDF", []))["data"]!);

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        if (browser is not null)
        {
            browser.Kill(entireProcessTree: true);
            await browser.WaitForExitAsync();
            await errors;
            browser.Dispose();
        }

        limit.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task StartAsync()
    {
        browser = Process.Start(new ProcessStartInfo(Chromium.Executable!, [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND",
            $"--user-data-dir={Path.Combine(folder.FullName, "profile")}", "--remote-debugging-port=0", "about:blank",
        ]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        const string Listening = "DevTools listening on ";
        string? line;
        do
            line = await browser.StandardError.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException("Chromium ended before it listened.");
        while (!line.StartsWith(Listening, StringComparison.Ordinal));
        errors = browser.StandardError.ReadToEndAsync();
        await socket.ConnectAsync(new Uri(line[Listening.Length..]), limit.Token);
        var target = await CallAsync("Target.createTarget", new JsonObject { ["url"] = "about:blank" });
        session = (string)(await CallAsync("Target.attachToTarget", new JsonObject { ["targetId"] = (string)target["targetId"]!, ["flatten"] = true }))["sessionId"]!;
        foreach (var domain in new[] { "Page", "Runtime", "Log", "Network" })
            await CallAsync($"{domain}.enable", []);
    }

    // One call at a time; events that arrive before its answer are taken down.
    private async Task<JsonObject> CallAsync(string method, JsonObject parameters)
    {
        var call = new JsonObject { ["id"] = ++calls, ["method"] = method, ["params"] = parameters };
        if (session.Length > 0) call["sessionId"] = session;
        await socket.SendAsync(Encoding.UTF8.GetBytes(call.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, limit.Token);
        while (true)
        {
            var message = await ReceiveAsync();
            if ((int?)message["id"] == calls)
                return message["result"]?.AsObject() ?? throw new InvalidOperationException($"{method}: {message["error"]?.ToJsonString()}");
            TakeDown((string?)message["method"], message["params"]!);
        }
    }

    private async Task<JsonNode> ReceiveAsync()
    {
        using var message = new MemoryStream();
        var buffer = new byte[65536];
        WebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer, limit.Token);
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(message.ToArray())!;
    }

    private void TakeDown(string? method, JsonNode parameters)
    {
        if (method is "Runtime.consoleAPICalled" or "Runtime.exceptionThrown" or "Log.entryAdded")
            Messages.Add(parameters.ToJsonString());
        if (method == "Network.requestWillBeSent" && (string)parameters["request"]!["url"]! is var address && !address.StartsWith("data:", StringComparison.Ordinal))
            Requests.Add(address);
    }
}

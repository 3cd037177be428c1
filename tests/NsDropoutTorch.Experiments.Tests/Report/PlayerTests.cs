using NsDropoutTorch.Experiments.Report;

namespace NsDropoutTorch.Experiments.Tests.Report;

/// <summary>Pages that move, in a browser: they play, stop, obey the keyboard, and show a still where nothing is to move.</summary>
public sealed class PlayerTests
{
    private const int Frames = 5;
    private const string Shown = "Number(document.querySelector('input').value)";
    private const string Words = "document.querySelector('.play').textContent";
    // Of each group of frames, which are to be seen.
    private const string Seen = "JSON.stringify([...document.querySelectorAll('.frames')].map(g => [...g.children].flatMap((c, i) => getComputedStyle(c).display === 'none' ? [] : [i])))";
    private static readonly (string, string) LittleMotion = ("prefers-reduced-motion", "reduce");

    private static string Film => TrainingFilmPage.Render("film", "", FilmSamples.Points, [FilmSamples.Film("one", Frames), FilmSamples.Film("two", Frames)]);

    [ChromiumFact]
    public async Task Film_Opened_PlaysToItsEndAndStopsThere()
    {
        await using var tab = await ChromiumTab.OpenAsync(Film);

        Assert.Equal("Pause", await tab.EvaluateAsync<string>(Words));
        await tab.UntilAsync($"{Shown} === 2");
        await tab.UntilAsync($"{Shown} === {Frames - 1}");
        Assert.Equal("Play", await tab.EvaluateAsync<string>(Words));
        Assert.Empty(tab.Messages);
        Assert.EndsWith("page.html", Assert.Single(tab.Requests), StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task Film_LittleMotionWanted_StaysAtTheLastFrameUntilPlayIsPressed()
    {
        await using var tab = await ChromiumTab.OpenAsync(Film, media: LittleMotion);

        Assert.Equal(Still(Frames - 1), await tab.EvaluateAsync<string>(Seen));
        await Task.Delay(1500);
        Assert.Equal(Still(Frames - 1), await tab.EvaluateAsync<string>(Seen));
        Assert.Equal("Play", await tab.EvaluateAsync<string>(Words));

        await tab.EvaluateAsync<object>("document.querySelector('.play').click()");
        Assert.Equal(Still(0), await tab.EvaluateAsync<string>(Seen));
        await tab.UntilAsync($"{Shown} === 1");
        Assert.Equal(Still(1), await tab.EvaluateAsync<string>(Seen));
    }

    [ChromiumFact]
    public async Task Film_ByKeyboard_PlaysPausesAndGoesToAnyFrame()
    {
        await using var tab = await ChromiumTab.OpenAsync(Film, media: LittleMotion);

        await tab.PressAsync("Tab", 9);
        Assert.Equal("play", await tab.EvaluateAsync<string>("document.activeElement.className"));
        await tab.PressAsync(" ", 32);
        Assert.Equal(("Pause", 0), (await tab.EvaluateAsync<string>(Words), await tab.EvaluateAsync<int>(Shown)));
        await tab.PressAsync("Enter", 13);
        Assert.Equal("Play", await tab.EvaluateAsync<string>(Words));

        await tab.PressAsync("Tab", 9);
        await tab.PressAsync("End", 35);
        Assert.Equal(Still(4), await tab.EvaluateAsync<string>(Seen));
        await tab.PressAsync("ArrowLeft", 37);
        Assert.Equal(Still(3), await tab.EvaluateAsync<string>(Seen));
        Assert.Equal("28 of 37", await tab.EvaluateAsync<string>("document.activeElement.getAttribute('aria-valuetext')"));
        await tab.PressAsync("Home", 36);
        Assert.Equal(Still(0), await tab.EvaluateAsync<string>(Seen));
        Assert.Equal("Epoch", await tab.EvaluateAsync<string>("document.activeElement.labels[0].textContent"));
    }

    [ChromiumFact]
    public async Task Film_SliderMovedWhilePlaying_Pauses()
    {
        await using var tab = await ChromiumTab.OpenAsync(Film);

        await tab.EvaluateAsync<object>("document.querySelector('input').focus()");
        await tab.PressAsync("Home", 36);
        await tab.PressAsync("ArrowRight", 39);

        Assert.Equal("Play", await tab.EvaluateAsync<string>(Words));
        await Task.Delay(1500);
        Assert.Equal(1, await tab.EvaluateAsync<int>(Shown));
    }

    [ChromiumFact]
    public async Task Film_Printed_ShowsTheLastFrameWithoutControls()
    {
        await using var tab = await ChromiumTab.OpenAsync(Film, media: LittleMotion);
        await tab.EvaluateAsync<object>("document.querySelector('input').focus()");
        await tab.PressAsync("Home", 36);

        await tab.SetMediaAsync("print");

        Assert.Equal(Still(4), await tab.EvaluateAsync<string>(Seen));
        Assert.Equal("none", await tab.EvaluateAsync<string>("getComputedStyle(document.querySelector('.controls')).display"));
        Assert.Equal("none", await tab.EvaluateAsync<string>("getComputedStyle(document.querySelector('.cursor')).display"));
        Assert.StartsWith("%PDF", System.Text.Encoding.ASCII.GetString(await tab.PrintAsync()), StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task Film_WithoutItsScript_ShowsTheLastFrameWithoutControls()
    {
        // The policy names the script by its hash, so one letter more is another script.
        await using var tab = await ChromiumTab.OpenAsync(Film.Replace("\"use strict\";", "\"use strict\"; ", StringComparison.Ordinal));

        Assert.Equal(Still(4), await tab.EvaluateAsync<string>(Seen));
        Assert.Equal("none", await tab.EvaluateAsync<string>("getComputedStyle(document.querySelector('.controls')).display"));
        Assert.Contains("Content Security Policy", Assert.Single(tab.Messages), StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task Report_Masks_StandStillUntilTheSliderMovesThem()
    {
        await using var tab = await ChromiumTab.OpenAsync(HtmlReport.Render(ReportSamples.Full));

        await Task.Delay(1500);
        Assert.Equal("[[2],[2],[2]]", await tab.EvaluateAsync<string>(Seen));
        await tab.EvaluateAsync<object>("document.querySelector('input').focus()");
        await tab.PressAsync("ArrowLeft", 37);

        Assert.Equal("[[1],[1],[1]]", await tab.EvaluateAsync<string>(Seen));
        Assert.Equal("2 of 3", await tab.EvaluateAsync<string>("document.activeElement.getAttribute('aria-valuetext')"));
        Assert.Empty(tab.Messages);
        Assert.EndsWith("page.html", Assert.Single(tab.Requests), StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task Pages_OnAPhone_AreNoWiderThanTheWindow()
    {
        foreach (var page in new[] { Film, HtmlReport.Render(ReportSamples.Full) })
        {
            await using var tab = await ChromiumTab.OpenAsync(page, width: 390);
            Assert.Equal(390, await tab.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            Assert.Equal(390, await tab.EvaluateAsync<int>("innerWidth"));
        }
    }

    // Both films have a map, two charts, a reading and units; the controls have words.
    private static string Still(int frame) => $"[{string.Join(',', Enumerable.Repeat($"[{frame}]", 11))}]";
}

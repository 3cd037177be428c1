using System.Text.RegularExpressions;
using NsDropoutTorch.Docs.Tests.Leaks;
using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Docs.Tests.Examples;

/// <summary>The page on which the spiral is learnt: recording it changes no bit of the training, and it is small and complete.</summary>
public sealed partial class SpiralTests : IDisposable
{
    private const int MostBytes = 2_000_000;
    private const int FramesOfAFullRun = 90;

    private readonly TempFolder folder = new();

    private string Page => folder.PathOf("spiral.html");

    [Fact]
    public void Recording_ChangesNoBitOfTheNetworks()
    {
        // The networks of 64 units are the first two of both.
        var (plain, recorded) = (States(), States("--page", Page));

        Assert.Equal((4, 3), (plain.Length, recorded.Length));
        Assert.Equal(plain[..2], recorded[..2]);
        Assert.NotEqual(plain[0], plain[1]);
        Assert.Contains("class=\"frames\"", File.ReadAllText(Page), StringComparison.Ordinal);

        static string[] States(params string[] arguments) =>
            [.. ProgramWatch.SeenIn(() => ExampleProgram.Run("Spiral", ["20", "0", .. arguments]), shuffles: false).Where(seen => seen.StartsWith("state ", StringComparison.Ordinal))];
    }

    [Fact]
    public void Page_OfARun_IsSmallAsksForNothingAndShowsWhatWasDropped()
    {
        var output = ExampleProgram.Run("Spiral", "400", "0", "--page", Page);
        var page = File.ReadAllText(Page);

        var frames = Recorded().Matches(output).Select(line => int.Parse(line.Groups["frames"].Value, null)).ToArray();
        Assert.Equal([frames[0], frames[0], frames[0]], frames);
        Assert.InRange(frames[0], 50, FramesOfAFullRun);
        Assert.InRange(page.Length, 100_000, MostBytes * frames[0] / FramesOfAFullRun);
        Assert.DoesNotMatch("https?:|//[a-z]|url\\(|@import", ScriptAndPictures().Replace(page, ""));
        var dropped = Dropped().Matches(page).Select(text => text.Groups["counts"].Value).ToArray();
        Assert.Equal(3, dropped.Length);
        Assert.Equal("arm 0 0 of 64, arm 1 0 of 64, arm 2 0 of 64", dropped[0]);
        Assert.NotEqual(dropped[0], dropped[1]);
        Assert.Equal("arm 0 6 of 64, arm 1 6 of 64, arm 2 6 of 64", dropped[2]);
    }

    public void Dispose() => folder.Dispose();

    [GeneratedRegex("^recorded (?<frames>[0-9]+) frames in [0-9.]+ s$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Recorded();

    [GeneratedRegex("Dropped in the last frame: (?<counts>[^<]+)\\.</desc>", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Dropped();

    // The script's comment begins with two strokes, and the code of a picture may have any letters.
    [GeneratedRegex("<script>.*?</script>|base64,[A-Za-z0-9+/=]+", RegexOptions.Singleline, 5_000)]
    private static partial Regex ScriptAndPictures();
}

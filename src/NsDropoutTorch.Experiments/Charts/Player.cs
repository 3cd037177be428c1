using System.Security.Cryptography;
using System.Text;

namespace NsDropoutTorch.Experiments.Charts;

/// <summary>
/// Pictures that move: a part of a page with a button that plays and pauses, and a slider. Whatever is to change from frame to frame stands in an element of <see cref="Frames"/>; the
/// script shows one child of each. Without the script, on paper, and where the reader wants little motion, the last frame stays.
/// </summary>
internal static class Player
{
    /// <summary>The rules of players, for a page beside <see cref="DisplayStyle.Css"/>.</summary>
    public static Html Css { get; } = Html.Trusted(Resource("player.css"));

    /// <summary>The script of all players of a page, as it stands between its tags.</summary>
    public static Html Script { get; } = Html.Trusted("\n" + Resource("player.js"));

    /// <summary>What a content security policy names so that this script runs, and no other.</summary>
    public static string ScriptSource { get; } = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Script.ToString())))}'";

    /// <summary>The player.</summary>
    /// <param name="id">Unique in the page; letters, digits and hyphens.</param>
    /// <param name="labels">What each frame shows, in a few words such as <c>3 of 10</c>; two frames or more.</param>
    /// <param name="content">The pictures. Each element of <see cref="Frames"/> in them has as many children as there are labels.</param>
    /// <param name="starts">Whether it plays by itself when the page is opened, unless the reader wants little motion.</param>
    public static Html Of(string id, IReadOnlyList<string> labels, Html content, bool starts = false) => Html.Of(
        $"""
        <div class="player" data-starts="{(starts ? "playing" : "paused")}">
        {content}
        <div class="controls"><button type="button" class="play">Play</button><label for="{id}">Epoch</label><input id="{id}" type="range" min="0" max="{labels.Count - 1}" step="1" value="{labels.Count - 1}" autocomplete="off" aria-valuetext="{labels[^1]}"><span class="frames">{labels.Select(label => Html.Of($"<span>{label}</span>"))}</span></div>
        </div>

        """);

    /// <summary>The words for epochs, beside the label "Epoch": <c>120 of 10,001</c>.</summary>
    /// <param name="epochs">The epoch of each frame, from 0; the last is the last of all.</param>
    public static IReadOnlyList<string> Epochs(IReadOnlyList<int> epochs) => [.. epochs.Select(epoch => Invariant($"{epoch + 1:#,##0} of {epochs[^1] + 1:#,##0}"))];

    /// <summary>Elements of a drawing, one for each frame.</summary>
    /// <param name="elements">The elements.</param>
    public static Html Frames(IEnumerable<Html> elements) => Html.Of($"""<g class="frames">{elements}</g>""");

    private static string Resource(string name)
    {
        using var stream = typeof(Player).Assembly.GetManifestResourceStream(typeof(Player), name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

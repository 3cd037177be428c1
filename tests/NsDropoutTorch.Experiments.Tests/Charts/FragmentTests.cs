using System.Xml.Linq;
using NsDropoutTorch.Experiments.Charts;

namespace NsDropoutTorch.Experiments.Tests.Charts;

/// <summary>A fragment can be anywhere in another's page: its style stays inside, its ids are its own.</summary>
public sealed class FragmentTests
{
    [Fact]
    public void Of_Style_IsNestedInTheFragmentsElement()
    {
        var style = FragmentElement.Style(Fragment.Of(Html.Empty));

        Assert.StartsWith(".nsdropout-display {", style, StringComparison.Ordinal);
        Assert.DoesNotContain(":root", style, StringComparison.Ordinal);
        Assert.DoesNotContain("\nbody {", style, StringComparison.Ordinal);
        // The brace that closes the fragment's own rule is the last one, so everything is inside.
        Assert.Equal(style.Length - 1, EndOfFirstRule(style));
    }

    [Fact]
    public void Of_DifferentContents_HaveDifferentIdsThatStillBelongTogether()
    {
        static XElement Drawing(string caption) => FragmentElement.Parse(Fragment.Of(new Figure("a", "b", "c", 1, 1).Of(Html.Empty, Html.Of($"{caption}")))).Descendants("svg").Single();
        var (one, two) = (Drawing("one"), Drawing("two"));

        Assert.NotEqual(one.Attribute("aria-describedby")!.Value, two.Attribute("aria-describedby")!.Value);
        Assert.Equal(one.Attribute("aria-describedby")!.Value, one.Element("desc")!.Attribute("id")!.Value);
        Assert.Equal(one.ToString(), Drawing("one").ToString());
    }

    private static int EndOfFirstRule(string style)
    {
        var depth = 0;
        for (var i = 0; i < style.Length; i++)
        {
            depth += style[i] switch { '{' => 1, '}' => -1, _ => 0 };
            if (style[i] == '}' && depth == 0)
            {
                return i;
            }
        }

        return -1;
    }
}

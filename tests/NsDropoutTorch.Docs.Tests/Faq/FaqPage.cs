using NsDropoutTorch.Docs.Tests.Docs;

namespace NsDropoutTorch.Docs.Tests.Faq;

/// <summary>What docs/faq.md says of an exception.</summary>
internal static class FaqPage
{
    /// <summary>The action must throw, and the first line of the message must be a block of the page, below a heading.</summary>
    /// <typeparam name="T">What is thrown.</typeparam>
    /// <param name="heading">The heading.</param>
    /// <param name="trouble">The action.</param>
    public static void Quotes<T>(string heading, Action trouble)
        where T : Exception
    {
        var message = Assert.ThrowsAny<T>(trouble).Message.Split('\n')[0].TrimEnd();
        var section = Page.At("docs/faq.md").Text.Split("\n## ").SelectMany(part => part.Split("\n### ")).Single(part => part.StartsWith(heading + "\n", StringComparison.Ordinal));
        Assert.Contains($"\n```\n{message}\n```\n", section, StringComparison.Ordinal);
    }
}

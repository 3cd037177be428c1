using System.Text;
using NsDropoutTorch.Cli.Doctor;

namespace NsDropoutTorch.Cli.Tests.Doctor;

public sealed class GlibcxxTests
{
    [Theory]
    [InlineData("\0GLIBCXX_3.4\0GLIBCXX_3.4.9\0GLIBCXX_3.4.30\0GLIBCXX_3.4.29\0", "3.4.30")]
    [InlineData("GLIBCXX_3.4.32", "3.4.32")]
    [InlineData("\0GLIBCXX_DEBUG_MESSAGE_LENGTH\0GLIBCXX_3.4\0CXXABI_1.3.13\0GLIBC_2.38", "3.4")]
    [InlineData("GLIBCXX_\0GLIBCXX_FORCE_NEW\0", null)]
    [InlineData("", null)]
    public void NewestIn_NamesInAFile_IsTheHighestNumber(string text, string? newest) =>
        Assert.Equal(newest, Glibcxx.NewestIn(Encoding.ASCII.GetBytes(text))?.ToString());
}

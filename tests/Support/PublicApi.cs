using System.Reflection;
using PublicApiGenerator;

namespace NsDropoutTorch.Tests.Support;

/// <summary>What a library offers is what was reviewed.</summary>
internal static class PublicApi
{
    /// <summary>Compares the public members of a library with <c>PublicApi.txt</c> of the test project.</summary>
    /// <param name="library">The library.</param>
    public static void AssertIsAsReviewed(Assembly library)
    {
        var actual = library.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false, ExcludeAttributes = ["System.Runtime.CompilerServices.NullableAttribute"] });
        // A change that is meant: take this file for PublicApi.txt.
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "PublicApi.actual.txt"), actual + "\n");
        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "PublicApi.txt")).TrimEnd(), actual.TrimEnd(), ignoreLineEndingDifferences: true);
    }
}

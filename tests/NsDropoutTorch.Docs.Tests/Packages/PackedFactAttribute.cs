using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Docs.Tests.Packages;

/// <summary>A test that packs, which needs TorchSharp's packages: skipped where these tests were built with another provider.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PackedFactAttribute : FactAttribute
{
    public PackedFactAttribute()
    {
        if (Dotnet.Provider != "nuget")
        {
            Skip = "needs TorchSharp's packages: run the tests with -p:TorchProvider=nuget where the feed has them";
        }
    }
}

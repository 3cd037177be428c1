using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Docs.Tests.Data;

/// <summary>A test that clones the repository; skipped where the sources came without one.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClonedFactAttribute : FactAttribute
{
    public ClonedFactAttribute()
    {
        if (!Path.Exists(Repository.PathOf(".git")))
        {
            Skip = "needs a git repository to clone: these sources have none";
        }
    }
}

namespace NsDropoutTorch.Data.Tests;

/// <summary>The data sets of the repository, which are always there.</summary>
internal static class RealData
{
    /// <summary>Holds optdigits and iris.</summary>
    public static string BroughtFolder { get; } = Path.Combine(AppContext.BaseDirectory, "data");
}

namespace NsDropoutTorch.Training.Tests;

/// <summary>Equal up to an absolute tolerance.</summary>
internal sealed class Near(float tolerance) : IEqualityComparer<float>
{
    public bool Equals(float x, float y) => Math.Abs(x - y) <= tolerance;

    public int GetHashCode(float obj) => 0;
}

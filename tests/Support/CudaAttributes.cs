using TorchSharp;

namespace NsDropoutTorch.Tests.Support;

/// <summary>A test that needs a CUDA device, and says so where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CudaFactAttribute : FactAttribute
{
    internal const string Reason = "needs a CUDA device";

    public CudaFactAttribute() => Skip = torch.cuda.is_available() ? null : Reason;
}

/// <summary>Likewise, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CudaTheoryAttribute : TheoryAttribute
{
    public CudaTheoryAttribute() => Skip = torch.cuda.is_available() ? null : CudaFactAttribute.Reason;
}

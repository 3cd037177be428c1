#pragma warning disable SA1402, MA0048 // The smallest circle there is, and the shortest ways to leave numbers.
using TorchSharp;

namespace NsDropoutTorch.Docs.Tests.Architecture.Planted.One
{
    internal sealed class Hen
    {
        public Other.Egg? Laid { get; init; }
    }
}

namespace NsDropoutTorch.Docs.Tests.Architecture.Planted.Other
{
    internal sealed class Egg
    {
        public One.Hen? Of { get; init; }
    }
}

namespace NsDropoutTorch.Docs.Tests.Architecture.Planted
{
    internal static class Numbers
    {
        public static double Left(torch.Tensor tensor) => (tensor.mul(0.5).square().add(tensor) + tensor).ToDouble();
    }
}

#pragma warning disable SA1402, MA0048 // The smallest circle there is.
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

using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests.Support;

/// <summary>Passes its input on, and throws while it is armed.</summary>
internal sealed class Bomb() : nn.Module<Tensor, Tensor>(nameof(Bomb))
{
    public bool Armed { get; set; }

    public override Tensor forward(Tensor input) => Armed ? throw new TimeoutException() : input.alias();
}

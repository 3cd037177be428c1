using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Random;

/// <summary>Numbers that every PyTorch and TorchSharp on a CPU prints, to the digits they print: one Mersenne twister, one order of draws.</summary>
public sealed class WellKnownTests : ContractTest
{
    [Fact]
    public void Rand_OfSeedOne_IsWhatEverybodySees()
    {
        manual_seed(1);
        Expect.Near([0.7576, 0.2793, 0.4031, 0.7347], rand(4), 5e-5);
    }

    [Fact]
    public void Linear_OfSeedZero_StartsAsEverybodysDoes()
    {
        manual_seed(0);
        using var layer = nn.Linear(3, 2);
        Expect.Near([-0.0043, 0.3097, -0.4752, -0.4249, -0.2224, 0.1548], layer.weight, 5e-5);
        Expect.Near([-0.0114, 0.4578], layer.bias!, 5e-5);
    }
}

using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Autograd;

public sealed class ModeTests : ContractTest
{
    private static bool Tracks => (ones(1, requires_grad: true) * 2).requires_grad;

    [Fact]
    public void NoGrad_StopsTrackingUntilDisposed()
    {
        Assert.True(is_grad_enabled());
        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            Assert.False(Tracks);
        }

        Assert.True(Tracks);
    }

    [Fact]
    public void Modes_Nest()
    {
        using (no_grad())
        {
            using (enable_grad())
            {
                Assert.True(Tracks);
                using (enable_grad(false)) Assert.False(Tracks);
                using (set_grad_enabled(false))
                {
                    using (set_grad_enabled()) Assert.True(Tracks);
                    Assert.False(Tracks);
                }

                Assert.True(Tracks);
            }

            Assert.False(Tracks);
        }

        Assert.True(Tracks);
    }

    [Fact]
    public void NoGrad_IsLeftWhenItsBlockThrows()
    {
        Assert.Throws<ExternalException>(() =>
        {
            using (no_grad()) zeros(2).view(3);
        });
        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void NoGrad_MakesLeavesThatMayRequireGrad()
    {
        using (no_grad()) Assert.True(ones(1).requires_grad_().requires_grad);
    }

    [Fact]
    public void NoGrad_BelongsToItsThread()
    {
        using (no_grad())
        {
            var elsewhere = false;
            var thread = new Thread(() => elsewhere = is_grad_enabled());
            thread.Start();
            thread.Join();
            Assert.True(elsewhere);
        }
    }

    [Fact]
    public void InferenceMode_NestsAndEnds()
    {
        Assert.False(is_inference_mode_enabled());
        using (inference_mode())
        {
            Assert.True(is_inference_mode_enabled());
            Assert.False(Tracks);
            using (inference_mode(false))
            {
                Assert.False(is_inference_mode_enabled());
                Assert.True(Tracks);
            }

            Assert.True(is_inference_mode_enabled());
        }

        Assert.False(is_inference_mode_enabled());
        Assert.True(Tracks);
    }

    [Fact]
    public void InferenceTensors_TakeNoPartInAutograd()
    {
        Tensor made;
        using (inference_mode()) made = ones(2);
        Expect.NativeError("inference tensor", () => made.requires_grad_());
        Expect.NativeError("inference tensor", () => made.add_(1));
        Expect.NativeError("Inference tensors cannot be saved for backward", () => ones(2, requires_grad: true) * made);
        Assert.True(made.clone().requires_grad_().requires_grad);
    }
}

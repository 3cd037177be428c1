using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>Brings batches to the device of the model, so that data too large for it can stay on the host.</summary>
internal static class Placement
{
    /// <summary>The device of the model's first parameter, where its inputs belong; null for a model without parameters, which takes inputs as they come.</summary>
    public static Device? Of(nn.Module model) => model.parameters().FirstOrDefault()?.device;

    /// <summary><paramref name="tensor"/> itself where it lies there already, else a copy.</summary>
    public static Tensor On(this Tensor tensor, Device? device) => device is null || IsSame(tensor.device, device) ? tensor : tensor.to(device);

    private static bool IsSame(Device a, Device b) => a.type == b.type && a.index == b.index;
}

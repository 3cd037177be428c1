using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Models;

/// <summary>
/// The first module of a network that standardises its inputs: (x − mean) / deviation, for each measurement, or for each channel of images. The statistics are buffers, so they
/// travel with the weights, and no data but the part fitted to has a say in them.
/// </summary>
internal sealed class InputStandardization : nn.Module<Tensor, Tensor>
{
    private const string Mean = "mean";
    private const string Deviation = "deviation";

    /// <summary>One that changes nothing yet.</summary>
    /// <param name="shape">Shape of one sample.</param>
    public InputStandardization(IReadOnlyList<long> shape)
        : base(nameof(InputStandardization))
    {
        register_buffer(Mean, torch.zeros([.. shape]).DetachFromDisposeScope());
        register_buffer(Deviation, torch.ones([.. shape]).DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var centred = input - Buffer(Mean);
        return centred / Buffer(Deviation);
    }

    /// <summary>Takes the statistics of samples; what never changes is centred alone.</summary>
    /// <param name="inputs">Shape <c>[N,…]</c>, at least one sample, on the device of the module.</param>
    /// <param name="groups">Number of channels, or of measurements: how many means there are.</param>
    public void FitTo(Tensor inputs, long groups)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        var grouped = inputs.reshape(inputs.shape[0], groups, -1);
        var means = grouped.mean([0, 2], keepdim: true);
        var centred = grouped - means;
        var deviations = (centred * centred).mean([0, 2], keepdim: true).sqrt();
        Set(Mean, means, grouped);
        Set(Deviation, torch.where(deviations.gt(Scalars.Of(0)), deviations, torch.ones_like(deviations)), grouped);
    }

    private void Set(string name, Tensor values, Tensor grouped)
    {
        var buffer = Buffer(name);
        buffer.copy_(values.expand(1, grouped.shape[1], grouped.shape[2]).reshape(buffer.shape));
    }

    private Tensor Buffer(string name) => named_buffers().First(buffer => buffer.name == name).buffer;
}

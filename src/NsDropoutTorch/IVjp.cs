using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>
/// A layer that knows its vector-Jacobian product, and so can be trained without autograd's graph. The trainer asks such layers in a chain of plain ones, where the graph
/// would take half as long as the matrix products (docs/performance.md); everybody else calls <c>forward</c>. Such a layer keeps nothing of its input or output for the loss.
/// </summary>
public interface IVjp
{
    /// <summary>
    /// Does with an input what <c>forward</c> does, to the bit and with the same effects on state and generators, and gives the product with it, as <c>torch.func.vjp</c> does.
    /// </summary>
    /// <param name="input">As <c>forward</c> takes it, without gradient; it must live until the product was computed, as must the labels of an open <see cref="LabelScope"/>.</param>
    /// <returns>
    /// The output, a new tensor, and the map from the gradient of the output to that of the input, to be called once at most, before the layer is called again. Null where only autograd knows it;
    /// then nothing has been drawn and no state has changed.
    /// </returns>
    (Tensor Output, Func<Tensor, Tensor> Product)? Vjp(Tensor input);
}

using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Optimizers;

/// <summary>Optimizers beside TorchSharp's own, with the same arguments: <c>optim.FusedAdam(model.parameters(), lr: 0.001)</c>.</summary>
public static class FusedOptimizerFactories
{
    extension(optim)
    {
        /// <inheritdoc cref="Optimizers.FusedAdam" path="/summary"/>
        /// <param name="parameters">What is optimised.</param>
        /// <param name="lr">The learning rate, at least 0.</param>
        /// <param name="beta1">What is left of the average of gradients after a step, in [0, 1).</param>
        /// <param name="beta2">What is left of the average of their squares, in [0, 1).</param>
        /// <param name="eps">Added to the root of that average, at least 0.</param>
        /// <param name="weight_decay">L2 penalty: this much of the parameter is added to its gradient, at least 0.</param>
        /// <param name="amsgrad">Whether the largest average of squares so far takes the place of the last (AMSGrad).</param>
        /// <param name="maximize">Whether the loss is to rise.</param>
        public static FusedAdam FusedAdam(
            IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
            new([new Adam.ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

        /// <inheritdoc cref="FusedAdam(IEnumerable{Parameter}, double, double, double, double, double, bool, bool)"/>
        public static FusedAdam FusedAdam(
            IEnumerable<Adam.ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
            new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

        /// <inheritdoc cref="Optimizers.FusedAdamW" path="/summary"/>
        /// <param name="parameters">What is optimised.</param>
        /// <param name="lr">The learning rate, at least 0.</param>
        /// <param name="beta1">What is left of the average of gradients after a step, in [0, 1).</param>
        /// <param name="beta2">What is left of the average of their squares, in [0, 1).</param>
        /// <param name="eps">Added to the root of that average, at least 0.</param>
        /// <param name="weight_decay">How much of the parameter, times the learning rate, is taken off in each step, at least 0.</param>
        /// <param name="amsgrad">Whether the largest average of squares so far takes the place of the last (AMSGrad).</param>
        /// <param name="maximize">Whether the loss is to rise.</param>
        public static FusedAdamW FusedAdamW(
            IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
            new([new AdamW.ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

        /// <inheritdoc cref="FusedAdamW(IEnumerable{Parameter}, double, double, double, double, double, bool, bool)"/>
        public static FusedAdamW FusedAdamW(
            IEnumerable<AdamW.ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
            new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

        /// <inheritdoc cref="Optimizers.FusedSGD" path="/summary"/>
        /// <param name="parameters">What is optimised.</param>
        /// <param name="lr">The learning rate, at least 0.</param>
        /// <param name="momentum">What is left of the average of gradients after a step, at least 0.</param>
        /// <param name="dampening">What a gradient loses before it is added to that average.</param>
        /// <param name="weight_decay">L2 penalty: this much of the parameter is added to its gradient, at least 0.</param>
        /// <param name="nesterov">Whether the gradient is looked ahead for, by the average once more (Nesterov's momentum).</param>
        /// <param name="maximize">Whether the loss is to rise.</param>
        public static FusedSGD FusedSGD(
            IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
            new([new SGD.ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize);

        /// <inheritdoc cref="FusedSGD(IEnumerable{Parameter}, double, double, double, double, bool, bool)"/>
        public static FusedSGD FusedSGD(
            IEnumerable<SGD.ParamGroup> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
            new(parameters, lr, momentum, dampening, weight_decay, nesterov, maximize);
    }
}

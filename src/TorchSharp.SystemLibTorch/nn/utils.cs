using TorchSharp.Modules;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            private static readonly Operator NormScalar = new("norm", "Scalar");
            private static readonly Operator SetData = new("set_data");

            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                using var mode = no_grad();
                using var scope = NewDisposeScope();
                var gradients = Gradients(tensors);
                if (gradients.Count == 0) return 0;
                var total = TotalNorm(gradients, norm_type);
                var factor = total.add(1e-6).reciprocal().mul(max_norm).clamp_max(1.0);
                foreach (var gradient in gradients) gradient.mul_(factor.to(gradient.device));
                return total.ToDouble();
            }

            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var mode = no_grad();
                using var scope = NewDisposeScope();
                foreach (var gradient in Gradients(tensors)) gradient.clamp_(-clip_value, clip_value);
            }

            public static Tensor parameters_to_vector(IEnumerable<Parameter> tensors)
            {
                using var scope = NewDisposeScope();
                return cat(tensors.Select(tensor => tensor.view(-1)).ToList()).MoveToOuterDisposeScope();
            }

            /// <summary>Makes the parameters views of a vector, as libtorch does: what changes one changes the other.</summary>
            public static void vector_to_parameters(Tensor vec, IEnumerable<Parameter> tensors)
            {
                using var mode = no_grad();
                using var scope = NewDisposeScope();
                long start = 0;
                foreach (var parameter in tensors)
                {
                    var length = parameter.numel();
                    SetData.Execute(parameter, vec.narrow(0, start, length).view(parameter.shape));
                    start += length;
                }
            }

            private static List<Tensor> Gradients(IEnumerable<Parameter> parameters) =>
                parameters.Select(parameter => parameter.grad).OfType<Tensor>().ToList();

            private static Tensor TotalNorm(List<Tensor> gradients, double type)
            {
                if (type == 0) return full(Array.Empty<long>(), (double)gradients.Count, ScalarType.Float32);
                Func<Tensor, Tensor> norm = double.IsPositiveInfinity(type)
                    ? tensor => tensor.abs().max()
                    : tensor => NormScalar.Call(tensor, type);
                var norms = gradients.Select(norm).ToList();
                return norms.Count == 1 ? norms[0] : norm(stack(norms.Select(each => each.to(norms[0].device))));
            }
        }
    }
}

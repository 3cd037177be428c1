using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator Bernoulli = new("bernoulli");
        private static readonly Operator BernoulliInPlaceFloat = new("bernoulli_", "float");
        private static readonly Operator BernoulliInPlaceTensor = new("bernoulli_", "Tensor");
        private static readonly Operator CopyInPlace = new("copy_");
        private static readonly Operator ExponentialInPlace = new("exponential_");
        private static readonly Operator FillInPlaceScalar = new("fill_", "Scalar");
        private static readonly Operator NormalInPlace = new("normal_");
        private static readonly Operator RandomInPlaceFrom = new("random_", "from");
        private static readonly Operator UniformInPlace = new("uniform_");
        private static readonly Operator ZeroInPlace = new("zero_");

        public Tensor copy_(Tensor source, bool nonBlocking = false) => CopyInPlace.InPlace(this, source, nonBlocking);

        /// <summary>Gives another wrapper of the tensor back, unlike the other in-place methods, as TorchSharp does.</summary>
        public Tensor zero_() => ZeroInPlace.Call(this);

        public Tensor fill_(Scalar value) => FillInPlaceScalar.InPlace(this, value);

        public Tensor bernoulli(Generator? generator = null) => Bernoulli.Call(this, Argument.Optional(generator));

        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) =>
            BernoulliInPlaceFloat.InPlace(this, p, Argument.Optional(generator));

        public Tensor bernoulli_(Tensor p, Generator? generator = null) =>
            BernoulliInPlaceTensor.InPlace(this, p, Argument.Optional(generator));

        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) =>
            NormalInPlace.InPlace(this, mean, std, Argument.Optional(generator));

        public Tensor uniform_(double from, double to, Generator? generator = null) =>
            UniformInPlace.InPlace(this, from, to, Argument.Optional(generator));

        public Tensor random_(double from, double to, Generator? generator = null) =>
            RandomInPlaceFrom.InPlace(this, (long)from, (long)to, Argument.Optional(generator));

        public Tensor exponential_(double lambda = 1, Generator? generator = null) =>
            ExponentialInPlace.InPlace(this, lambda, Argument.Optional(generator));
    }
}

using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Modules by the names of their factories.</summary>
    public static partial class nn
    {
        public static Identity Identity() => new();

        public static Flatten Flatten(long start_dim = 1, long end_dim = -1) => new(start_dim, end_dim);

        public static Unflatten Unflatten(long dim, long[] unflattened_size) => new(dim, unflattened_size);

        public static ReLU ReLU(bool inplace = false) => new(inplace);

        public static LeakyReLU LeakyReLU(double negative_slope = 0.01, bool inplace = false) => new(negative_slope, inplace);

        public static ELU ELU(double alpha = 1.0, bool inplace = false) => new(alpha, inplace);

        public static SELU SELU(bool inplace = false) => new(inplace);

        public static GELU GELU() => new(false);

        public static GELU GELU(bool inplace) => new(inplace);

        public static SiLU SiLU() => new(false);

        public static SiLU SiLU(bool inplace) => new(inplace);

        public static Sigmoid Sigmoid() => new(false);

        public static Sigmoid Sigmoid(bool inplace) => new(inplace);

        public static Tanh Tanh() => new(false);

        public static Tanh Tanh(bool inplace = false) => new(inplace);

        public static Softmax Softmax(long dim) => new(dim);

        public static LogSoftmax LogSoftmax(long dim) => new(dim);

        public static Softplus Softplus(double beta = 1, double threshold = 20) => new(beta, threshold);

        public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);

        public static Dropout1d Dropout1d(double p = 0.5, bool inplace = false) => new(p, inplace);

        public static Dropout2d Dropout2d(double p = 0.5, bool inplace = false) => new(p, inplace);

        public static Dropout3d Dropout3d(double p = 0.5, bool inplace = false) => new(p, inplace);

        public static AlphaDropout AlphaDropout(double p = 0.5, bool inplace = false) => new(p, inplace);

        public static FeatureAlphaDropout FeatureAlphaDropout(double p = 0.5) => new(p, false);

        public static FeatureAlphaDropout FeatureAlphaDropout(double p, bool inplace) => new(p, inplace);

        public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
            new(inputSize, outputSize, hasBias, device, dtype);

        public static Linear Linear(Parameter weight, Parameter? bias = null) => new(weight, bias);

        public static Sequential Sequential() => new(Enumerable.Empty<(string, IModule<Tensor, Tensor>)>());

        public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) => Chain(modules);

        public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => Chain(Numbered(modules));

        public static Sequential Sequential(params Tuple<string, Module<Tensor, Tensor>>[] modules) => Chain(modules.Select(Named));

        public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules) => Chain(modules);

        public static Sequential Sequential(IEnumerable<Tuple<string, Module<Tensor, Tensor>>> modules) => Chain(modules.Select(Named));

        public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules) => Chain(Numbered(modules));

        public static ModuleList<Module> ModuleList(params Module[] modules) => new(modules);

        public static ModuleList<T> ModuleList<T>(params T[] modules)
            where T : Module => new(modules);

        public static ModuleDict<Module> ModuleDict(params (string, Module)[] modules) => ModuleDict<Module>(modules);

        public static ModuleDict<T> ModuleDict<T>(params (string, T)[] modules)
            where T : Module
        {
            var result = new ModuleDict<T>();
            foreach (var module in modules) result.Add(module);
            return result;
        }

        private static Sequential Chain(IEnumerable<(string Name, Module<Tensor, Tensor> Module)> modules) =>
            new(modules.Select(item => (item.Name, (IModule<Tensor, Tensor>)item.Module)));

        private static (string, Module<Tensor, Tensor>) Named(Tuple<string, Module<Tensor, Tensor>> item) => (item.Item1, item.Item2);

        private static IEnumerable<(string, Module<Tensor, Tensor>)> Numbered(IEnumerable<Module<Tensor, Tensor>> modules) =>
            modules.Select((module, index) => ($"{index}", module));
    }
}

using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>The modules of a model that implement an interface.</summary>
internal static class NamedModules
{
    /// <summary>The modules with their names in <paramref name="model"/>, in its order; a model that implements the interface itself goes by its type's name.</summary>
    /// <typeparam name="T">The interface.</typeparam>
    /// <param name="model">The model.</param>
    public static IEnumerable<(string Name, T Module)> Of<T>(nn.Module model)
        where T : class =>
        from named in model.named_modules().Prepend((name: model.GetName(), module: model))
        where named.module is T
        select (named.name, (T)(object)named.module);
}

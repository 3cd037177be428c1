using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>Finds the drop rates of a model that can be set, those of TorchSharp's dropouts too.</summary>
public static class DropRates
{
    /// <summary>The modules of a model whose drop rate can be set, with their names in it; a model that is one itself goes by its type's name.</summary>
    /// <param name="model">The model.</param>
    /// <returns>Modules that implement <see cref="IDropRate"/>, and TorchSharp's <c>Dropout</c>, <c>Dropout1d/2d/3d</c>, <c>AlphaDropout</c> and <c>FeatureAlphaDropout</c> behind an adapter that checks the rate, which they do not.</returns>
    public static IReadOnlyList<(string Name, IDropRate Layer)> In(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return
        [
            .. from named in NamedModules.Of<nn.Module>(model).DistinctBy(named => named.Module, ReferenceEqualityComparer.Instance)
               let layer = Of(named.Module)
               where layer is not null
               select (named.Name, layer),
        ];
    }

    /// <summary>The drop rate of a module, or null where it has none that can be set.</summary>
    /// <param name="module">The module.</param>
    public static IDropRate? Of(nn.Module module) => module switch
    {
        IDropRate own => own,
        Dropout dropout => new Adapter(() => dropout.p, p => dropout.p = p),
        Dropout1d dropout => new Adapter(() => dropout.p, p => dropout.p = p),
        Dropout2d dropout => new Adapter(() => dropout.p, p => dropout.p = p),
        Dropout3d dropout => new Adapter(() => dropout.p, p => dropout.p = p),
        AlphaDropout dropout => new Adapter(() => dropout.p, p => dropout.p = p),
        FeatureAlphaDropout dropout => new Adapter(() => dropout.p, p => dropout.p = p),
        _ => null,
    };

    private sealed class Adapter(Func<double> get, Action<double> set) : IDropRate
    {
        public double p
        {
            get => get();
            set => set(Check.Share(value, nameof(p)));
        }
    }
}

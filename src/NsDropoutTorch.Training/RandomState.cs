using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// Where the random numbers of a model come from: torch's generator of the host, and those that modules have of their own. The state of a device's generator, which TorchSharp cannot read, is decided by them.
/// </summary>
internal static class RandomState
{
    private const string Torch = "rng";
    private const string OfModule = "rng:"; // No callback's key, which a '/' follows.

    /// <summary>The states of all of them, by name, each a new tensor.</summary>
    public static Dictionary<string, Tensor> Of(nn.Module model) =>
        Own(model).Select(own => (Name: OfModule + own.Name, State: own.Generator.get_state())).Prepend((Name: Torch, State: get_rng_state()))
            .ToDictionary(entry => entry.Name, entry => entry.State, StringComparer.Ordinal);

    /// <summary>Puts states back; a generator of a module that has none stays as it is.</summary>
    /// <param name="model">The model.</param>
    /// <param name="states">What <see cref="Of"/> gave, among others.</param>
    public static void PutBack(nn.Module model, IReadOnlyDictionary<string, Tensor> states)
    {
        foreach (var (name, generator) in Own(model))
        {
            if (states.TryGetValue(OfModule + name, out var state)) generator.set_state(state);
        }

        set_rng_state(states[Torch]);
    }

    /// <summary>Seeds each generator that a module has of its own with another number, drawn from torch's.</summary>
    public static void SeedOwn(nn.Module model)
    {
        foreach (var (_, generator) in Own(model))
        {
            generator.manual_seed(DrawnSeed());
        }
    }

    /// <summary>Seeds the generators of CUDA devices with a number drawn from torch's generator of the host, where the model is on such a device.</summary>
    public static void SeedDevices(Device device)
    {
        if (device.type == DeviceType.CUDA) cuda.manual_seed_all(DrawnSeed());
    }

    /// <summary>The names of modules with a generator of their own, as a setting of a run.</summary>
    public static string InWords(nn.Module model) => string.Join(", ", Own(model).Select(own => own.Name)) is { Length: > 0 } names ? names : "none";

    private static long DrawnSeed()
    {
        using var seed = randint(long.MaxValue, [1], ScalarType.Int64, CPU);
        return seed.item<long>();
    }

    // One that several modules share is there once, under the first of their names.
    private static IEnumerable<(string Name, Generator Generator)> Own(nn.Module model) =>
        from named in NamedModules.Of<IOwnGenerator>(model)
        where named.Module.generator is not null
        group named.Name by named.Module.generator into sharing
        select (sharing.First(), sharing.Key);
}

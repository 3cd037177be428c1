using NsDropoutTorch.Training.Optimizers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Chains;

/// <summary>
/// A training step of a <see cref="Sequential"/> with gradients written out where they are those of plain layers: with the bits of autograd, whose graph takes half as long as the
/// products of a small network (docs/performance.md).
/// </summary>
internal sealed class LayerChain
{
    private readonly (Sequential Container, int Count)[] containers;
    private readonly Hooks hooks;
    private readonly Link[] links;
    private readonly Tensor[] values;
    private bool isOpen;

    private LayerChain(IEnumerable<Sequential> sequentials, List<Link> links, Hooks hooks)
    {
        containers = [.. sequentials.Select(container => (container, container.Count))];
        (this.links, this.hooks, values) = ([.. links], hooks, new Tensor[links.Count]);
    }

    /// <summary>The chain of a model; null where the model is none, or has no linear layer to gain from, or where a layer is of an unknown kind, or stands in two places, or shares a parameter.</summary>
    public static LayerChain? Of(nn.Module model)
    {
        if (!IsContainer(model)) return null;
        var modules = Flat(model).ToList();
        if (!modules.TrueForAll(IsKnown)) return null;
        var layers = modules.Where(module => !IsContainer(module)).Cast<nn.Module<Tensor, Tensor>>().ToList();
        if (!AreDistinct(layers)) return null;

        var made = LinksOf(layers);
        if (!made.Exists(link => link is LinearLink)) return null;
        try
        {
            return new(modules.Where(IsContainer).Cast<Sequential>(), made, new Hooks(modules.Cast<nn.Module<Tensor, Tensor>>()));
        }
        catch (MissingFieldException)
        {
            return null; // Hooks could not be seen.
        }
    }

    /// <summary>What the model's <c>call</c> gives, with a graph behind it that ends at once; null where the model must be called, as something about it or the input is not plain now.</summary>
    public Tensor? Forward(Tensor input)
    {
        isOpen = false;
        if (!HostVectors.Reaches(input) || input.requires_grad || !is_grad_enabled() || hooks.Any || HasChanged()) return null;

        var isTrained = false;
        using (no_grad())
        {
            var value = input;
            for (var i = 0; i < links.Length; i++)
                values[i] = value = links[i].Forward(value, ref isTrained);
        }

        isOpen = isTrained;
        return values[^1].requires_grad_(isTrained).clone(); // A clone, for losses that work in place.
    }

    /// <summary>After the backward pass of what <see cref="Forward"/> gave: goes on with it to the parameters.</summary>
    public void Backward()
    {
        if (!isOpen) return;

        isOpen = false;
        using var noGradients = no_grad();
        var gradient = values[^1].grad;
        for (var i = links.Length - 1; i >= 0; i--)
        {
            gradient = gradient is null ? null : links[i].Backward(gradient);
            values[i].Dispose();
        }
    }

    // A class that derives may compute something else.
    private static bool IsContainer(nn.Module module) => module.GetType() == typeof(Sequential);

    private static IEnumerable<nn.Module> Flat(nn.Module module) => IsContainer(module) ? module.children().SelectMany(Flat).Prepend(module) : [module];

    // Others may keep a part of their graph for the loss, as a term of it, and it would end at the layer.
    private static bool IsKnown(nn.Module module) => module is nn.Module<Tensor, Tensor>
        && (module is IVjp || module.GetType().Assembly == typeof(nn.Module).Assembly || module.GetType().Assembly == typeof(IVjp).Assembly);

    private static bool AreDistinct(List<nn.Module<Tensor, Tensor>> layers)
    {
        var parameters = layers.SelectMany(layer => layer.parameters()).Select(parameter => parameter.Handle).ToList();
        return layers.Distinct<nn.Module>(ReferenceEqualityComparer.Instance).Count() == layers.Count && parameters.Distinct().Count() == parameters.Count;
    }

    private static List<Link> LinksOf(List<nn.Module<Tensor, Tensor>> layers)
    {
        var (links, others) = (new List<Link>(), new List<nn.Module<Tensor, Tensor>>());
        for (var i = 0; i < layers.Count; i++)
        {
            switch (layers[i])
            {
                case Linear linear:
                    var relu = layers.ElementAtOrDefault(i + 1) as ReLU;
                    Add(new LinearLink(linear, relu));
                    if (relu is not null) i++;
                    break;
                case IVjp own:
                    Add(new VjpLink(layers[i], own));
                    break;
                case Identity:
                    break;
                default:
                    others.Add(layers[i]);
                    break;
            }
        }

        AddOthers();
        return links;

        void Add(Link link)
        {
            AddOthers();
            links.Add(link);
        }

        void AddOthers()
        {
            if (others.Count > 0) links.Add(new Link([.. others]));
            others.Clear();
        }
    }

    private bool HasChanged() => Array.Exists(containers, static entry => entry.Container.Count != entry.Count);
}

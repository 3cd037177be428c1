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

    private LayerChain(List<Sequential> sequentials, List<Link> links, Hooks hooks)
    {
        containers = [.. sequentials.Select(container => (container, container.Count))];
        (this.links, this.hooks, values) = ([.. links], hooks, new Tensor[links.Count]);
    }

    /// <summary>The chain of a model; null where the model is none, or has no linear layer to gain from, or where a layer is of an unknown kind, or stands in two places, or shares a parameter.</summary>
    public static LayerChain? Of(nn.Module model)
    {
        if (model.GetType() != typeof(Sequential)) return null;
        var (containers, layers) = (new List<Sequential>(), new List<nn.Module<Tensor, Tensor>>());
        if (!Flatten((Sequential)model, containers, layers) || !layers.TrueForAll(IsKnown) || !AreDistinct(layers)) return null;

        var made = LinksOf(layers);
        if (!made.Exists(link => link is LinearLink)) return null;
        try
        {
            return new(containers, made, new Hooks([.. containers, .. layers]));
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

    private static bool Flatten(Sequential container, List<Sequential> containers, List<nn.Module<Tensor, Tensor>> layers)
    {
        containers.Add(container);
        foreach (var child in container.children())
        {
            if (child.GetType() == typeof(Sequential))
            {
                if (!Flatten((Sequential)child, containers, layers)) return false;
            }
            else if (child is nn.Module<Tensor, Tensor> layer)
            {
                layers.Add(layer);
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    // Others may keep a part of their graph for the loss, as a term of it, and it would end at the layer.
    private static bool IsKnown(nn.Module layer) => layer is IVjp || layer.GetType().Assembly == typeof(nn.Module).Assembly || layer.GetType().Assembly == typeof(IVjp).Assembly;

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

    private bool HasChanged()
    {
        foreach (var (container, count) in containers)
        {
            if (container.Count != count) return true;
        }

        return false;
    }
}

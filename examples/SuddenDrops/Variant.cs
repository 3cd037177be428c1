using System.Globalization;

namespace SuddenDrops;

/// <summary>
/// What is trained, written as on the command line: a layer, and what differs from the notebooks' recipe, for instance <c>nsdropout:eps=1e-3,lr=0.002</c>.
/// </summary>
/// <param name="Text">As it was written.</param>
/// <param name="Layer"><c>none</c>, <c>dropout</c> or <c>nsdropout</c>.</param>
internal sealed record Variant(string Text, string Layer)
{
    private static readonly string[] Layers = ["none", "dropout", "nsdropout"];

    /// <summary>Learning rate.</summary>
    public double Rate { get; private init; } = 0.005;

    /// <summary>Adam's ε.</summary>
    public double Eps { get; private init; } = 1e-7;

    /// <summary>Adam's memory of squared gradients, β₂.</summary>
    public double Beta2 { get; private init; } = 0.999;

    /// <summary>Adam's memory of gradients, β₁.</summary>
    public double Beta1 { get; private init; } = 0.9;

    /// <summary>Whether the largest second moment so far divides a step, and not the last.</summary>
    public bool AmsGrad { get; private init; }

    /// <summary>Whether plain gradient descent with momentum 0.9 takes Adam's place.</summary>
    public bool Sgd { get; private init; }

    /// <summary>Bound on the norm of the gradient; null: none.</summary>
    public double? Clip { get; private init; }

    /// <summary>Samples of a step; null: all.</summary>
    public int? Batch { get; private init; }

    /// <summary>The epoch after which class masks stay as they are; null: they are chosen anew in every step.</summary>
    public int? FreezeAfter { get; private init; }

    /// <summary>Neurons that each step after <see cref="FreezeAfter"/> exchanges at random for dropped ones, over all classes.</summary>
    public int Swaps { get; private init; }

    /// <summary>Whether the rate falls to nothing along half a cosine.</summary>
    public bool Cosine { get; private init; }

    /// <summary>Whether the neurons with the largest gaps are kept and those with the smallest dropped.</summary>
    public bool KeepLargest { get; private init; }

    /// <summary>Weight of the newest batch in running means of the training activations; null: the batch alone.</summary>
    public double? Momentum { get; private init; }

    /// <summary>How many of the three hidden layers are followed by a regularising layer.</summary>
    public int Masked { get; private init; } = 1;

    /// <summary>Drop rate.</summary>
    public double P { get; private init; } = 0.2;

    /// <summary>Epochs of this variant; null: as many as the program was asked for.</summary>
    public int? Epochs { get; private init; }

    /// <summary>The variant of a text.</summary>
    /// <exception cref="ArgumentException">The layer or a setting is unknown.</exception>
    public static Variant Parse(string text)
    {
        var (layer, settings) = text.Split(':', 2) is [var name, var rest] ? (name, rest.Split(',')) : (text, []);
        if (!Layers.Contains(layer, StringComparer.Ordinal))
            throw new ArgumentException($"a variant must begin with {string.Join(", ", Layers)}, but got '{text}'.", nameof(text));
        return settings.Aggregate(new Variant(text, layer), (variant, setting) => variant.With(setting));
    }

    private Variant With(string setting)
    {
        var (name, value) = setting.Split('=', 2) is [var key, var written] ? (key, written) : (setting, "");
        return name switch
        {
            "lr" => this with { Rate = Number(value) },
            "eps" => this with { Eps = Number(value) },
            "beta1" => this with { Beta1 = Number(value) },
            "beta2" => this with { Beta2 = Number(value) },
            "amsgrad" => this with { AmsGrad = true },
            "sgd" => this with { Sgd = true },
            "clip" => this with { Clip = Number(value) },
            "batch" => this with { Batch = (int)Number(value) },
            "freeze" => this with { FreezeAfter = (int)Number(value) },
            "swaps" => this with { Swaps = (int)Number(value) },
            "cosine" => this with { Cosine = true },
            "keep-largest" => this with { KeepLargest = true },
            "momentum" => this with { Momentum = Number(value) },
            "layers" => this with { Masked = (int)Number(value) },
            "p" => this with { P = Number(value) },
            "epochs" => this with { Epochs = (int)Number(value) },
            _ => throw new ArgumentException($"a setting must be lr, eps, beta1, beta2, amsgrad, sgd, clip, batch, freeze, swaps, cosine, keep-largest, momentum, layers, p or epochs, but got '{setting}'.", nameof(setting)),
        };
    }

    private static double Number(string value) => double.Parse(value, CultureInfo.InvariantCulture);
}

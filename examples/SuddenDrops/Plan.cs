using System.Globalization;

namespace SuddenDrops;

/// <summary>Variants that are trained on one data set from the same seeds and stand in one table.</summary>
/// <param name="Title">What the table asks.</param>
/// <param name="Data">The data set, see <see cref="Samples"/>.</param>
/// <param name="Seeds">First and last seed.</param>
/// <param name="Epochs">Epochs of variants that name none.</param>
/// <param name="From">Drops that begin before this epoch are not counted.</param>
/// <param name="Variants">The variants.</param>
internal sealed record Plan(string Title, string Data, (int First, int Last) Seeds, int Epochs, int From, IReadOnlyList<string> Variants)
{
    private const int Learnt = 30, Later = 60;

    /// <summary>A first look, in well under a minute.</summary>
    public static IReadOnlyList<Plan> Short { get; } =
        [new("Which layer drops?", "optdigits", (23, 24), 100, Learnt, ["none", "nsdropout", "nsdropout:freeze=30"])];

    /// <summary>All tables of docs/results.md.</summary>
    public static IReadOnlyList<Plan> Full { get; } =
    [
        new("Which layer drops?", "optdigits", (22, 31), 150, Learnt, ["none", "dropout", "nsdropout", "nsdropout:freeze=30", "nsdropout:freeze=30,swaps=4", "nsdropout:freeze=30,swaps=8"]),
        new("What else changes the drops of NSDropout?", "optdigits", (22, 25), 150, Learnt,
            ["nsdropout:eps=1e-3", "nsdropout:beta2=0.9", "nsdropout:beta2=0.99", "nsdropout:amsgrad", "nsdropout:clip=1", "nsdropout:lr=0.002", "nsdropout:lr=0.001", "nsdropout:cosine"]),
        new("What brings drops on without masks, and what takes them away?", "optdigits", (22, 26), 150, Learnt,
            ["none:lr=0.02", "none:lr=0.02,eps=1e-3", "none:lr=0.02,clip=1", "none:lr=0.02,beta2=0.99", "none:lr=0.02,cosine"]),
        new("A quarter of the notebooks' data", "mnist:2500", (22, 26), 240, Later, ["none", "dropout", "nsdropout", "nsdropout:freeze=60", "none:lr=0.002"]),
        new("The same, Adam changed", "mnist:2500", (24, 26), 240, Later, ["none:clip=1", "none:cosine", "none:eps=1e-3", "none:beta2=0.99"]),
        new("The notebooks' data", "mnist", (22, 23), 240, Later, ["none", "nsdropout", "nsdropout:freeze=60"]),
        new("Several layers", "optdigits", (22, 26), 150, Learnt, ["nsdropout", "nsdropout:layers=2", "nsdropout:layers=3"]),
        new("Mini-batches", "optdigits", (22, 26), 20, 1,
        [
            "nsdropout:epochs=150", "nsdropout:batch=512,epochs=40", "nsdropout:batch=64", "nsdropout:batch=64,freeze=5", "nsdropout:batch=64,momentum=0.1",
            "nsdropout:keep-largest,epochs=150", "nsdropout:batch=64,keep-largest", "nsdropout:batch=64,keep-largest,freeze=5",
        ]),
        new("Two classes", "optdigits:3+8", (22, 26), 100, Learnt, ["none", "dropout", "nsdropout", "nsdropout:keep-largest"]),
        new("Inputs that are −1 or 1", "optdigits:binary", (22, 26), 150, Learnt, ["none", "nsdropout"]),
    ];

    /// <summary>What the command line asks for: nothing, <c>--full</c>, or a data set, seeds as <c>22..26</c>, epochs, and variants.</summary>
    /// <exception cref="ArgumentException">Something cannot be read.</exception>
    public static IReadOnlyList<Plan> Read(string[] args)
    {
        if (args is []) return Short;
        if (args is ["--full"]) return Full;
        if (args.Length < 4 || args[1].Split("..") is not [var first, var last])
            throw new ArgumentException($"arguments must be none, --full, --pictures alone, or a data set, seeds as 22..26, epochs, and variants, but got '{string.Join(' ', args)}'.", nameof(args));
        return [new("", args[0], (Number(first), Number(last)), Number(args[2]), Learnt, args[3..])];
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

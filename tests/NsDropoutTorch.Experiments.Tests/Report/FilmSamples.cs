using NsDropoutTorch.Experiments.Report;
using TorchSharp;

namespace NsDropoutTorch.Experiments.Tests.Report;

/// <summary>A small film of a network that does not learn.</summary>
internal static class FilmSamples
{
    public const int Neurons = 8;

    public static PlanePoints Points { get; } = new([0.5f, 0.5f, -0.5f, 0.5f, 0, -0.75f], [0, 1, 2], ["a", "b<", "c"]);

    /// <summary>A film of epochs 1, 10, 19 and so on.</summary>
    public static TrainingFilm Film(string name, int frames)
    {
        using var model = Quadrants();
        return new(name, "Rows.", [.. Enumerable.Range(0, frames).Select(i => Frame(9 * i, DecisionMap.Of(model, extent: 1, side: 4)))]);
    }

    public static FilmFrame Frame(int epoch, DecisionMap map) => new(
        epoch, new(1.1 / (epoch + 1), 0.5), new(double.NaN, 0.25), map, [new("a", Neurons, [epoch % Neurons], [7]), new("b", Neurons, [], [1, 2, 3])]);

    /// <summary>Scores (10x, 10y, 0).</summary>
    public static TorchSharp.Modules.Sequential Quadrants()
    {
        var linear = torch.nn.Linear(2, 3);
        using (torch.NewDisposeScope())
        using (torch.no_grad())
        {
            linear.weight.copy_(torch.tensor(new float[,] { { 10, 0 }, { 0, 10 }, { 0, 0 } }));
            linear.bias!.zero_();
        }

        return torch.nn.Sequential(linear, torch.nn.Dropout(0.5));
    }
}

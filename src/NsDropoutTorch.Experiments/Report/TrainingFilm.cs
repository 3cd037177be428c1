using NsDropoutTorch.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Report;

/// <summary>How a classifier of points in the plane came to be, for <see cref="TrainingFilmPage"/>.</summary>
/// <param name="Name">What was trained.</param>
/// <param name="Units">What the rows of <see cref="FilmFrame.Units"/> are, a sentence or two.</param>
/// <param name="Frames">What was seen at some epochs, in order; two or more, and the same epochs in all films of a page.</param>
public sealed record TrainingFilm(string Name, string Units, IReadOnlyList<FilmFrame> Frames);

/// <summary>A training run after one epoch.</summary>
/// <param name="Epoch">Number of the epoch, from 0.</param>
/// <param name="Train">Loss and error on the samples learnt from, as seen while training.</param>
/// <param name="Test">Loss and error on other samples after the epoch. Nothing may have been chosen by them.</param>
/// <param name="Map">What the model answers in the plane.</param>
/// <param name="Units">What the neurons of a layer did, a row for a class or a sample; the same rows in each frame.</param>
public sealed record FilmFrame(int Epoch, FilmScore Train, FilmScore Test, DecisionMap Map, IReadOnlyList<UnitRow> Units);

/// <summary>Loss and error on some samples.</summary>
/// <param name="Loss">The loss; not finite where there is none.</param>
/// <param name="Error">The part of the samples that are wrong, in [0, 1].</param>
public sealed record FilmScore(double Loss, double Error);

/// <summary>What the neurons of a layer did, for one class or one sample.</summary>
/// <param name="Name">A class or a sample in a word or two.</param>
/// <param name="NumFeatures">Number of neurons F.</param>
/// <param name="Dropped">The neurons that were dropped, each in [0, F).</param>
/// <param name="Active">The neurons whose value was not zero and went on, likewise; empty where only masks are shown.</param>
public sealed record UnitRow(string Name, int NumFeatures, IReadOnlyList<long> Dropped, IReadOnlyList<long> Active);

/// <summary>Points of the plane with their classes, for <see cref="TrainingFilmPage"/>.</summary>
/// <param name="Values">x and y of each point, one after the other.</param>
/// <param name="Labels">The class of each point, from 0.</param>
/// <param name="ClassNames">The classes; one to five.</param>
public sealed record PlanePoints(IReadOnlyList<float> Values, IReadOnlyList<byte> Labels, IReadOnlyList<string> ClassNames);

/// <summary>What a classifier answers on a grid over the square from −<see cref="Extent"/> to <see cref="Extent"/> in x and y.</summary>
public sealed class DecisionMap
{
    private DecisionMap(double extent, int side, byte[] classes, float[] probabilities) => (Extent, Side, Classes, Probabilities) = (extent, side, classes, probabilities);

    /// <summary>Half the length of the square's side.</summary>
    public double Extent { get; }

    /// <summary>Rows and columns of the grid; its points are the centres of as many squares.</summary>
    public int Side { get; }

    /// <summary>The class with the highest score at each point, row by row from the highest y, each from the lowest x.</summary>
    public IReadOnlyList<byte> Classes { get; }

    /// <summary>The probability of that class by the softmax of the scores, likewise.</summary>
    public IReadOnlyList<float> Probabilities { get; }

    /// <summary>Asks a model in evaluation mode, without labels and without a random draw; all its modules have their modes again afterwards.</summary>
    /// <param name="model">From [N, 2] to scores of classes [N, C].</param>
    /// <param name="extent">Half the length of the square's side, above 0.</param>
    /// <param name="side">Rows and columns of the grid, at least 1.</param>
    /// <param name="device">Where the model is. Default: host memory.</param>
    /// <exception cref="ArgumentOutOfRangeException">The extent or the side is out of range.</exception>
    public static DecisionMap Of(nn.Module<Tensor, Tensor> model, double extent, int side, Device? device = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(extent);
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        using var scope = NewDisposeScope();
        var (highest, classes) = Trainer.Predict(model, Grid(extent, side).to(device ?? CPU)).to(ScalarType.Float32).softmax(1).max(1);
        return new(extent, side, classes.to(ScalarType.Byte).cpu().data<byte>().ToArray(), highest.cpu().data<float>().ToArray());
    }

    private static Tensor Grid(double extent, int side)
    {
        var values = new float[2 * side * side];
        for (var point = 0; point < side * side; point++)
        {
            var (row, column) = Math.DivRem(point, side);
            values[2 * point] = Centre(column);
            values[(2 * point) + 1] = -Centre(row);
        }

        return tensor(values, side * side, 2);

        float Centre(int index) => (float)(extent * ((((2 * index) + 1) / (double)side) - 1));
    }
}

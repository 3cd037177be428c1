using NsDropoutTorch.Training.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace Uncertainty;

/// <summary>How well a score of doubt, higher where a model is less sure, finds the images that it gets wrong.</summary>
/// <param name="labels">Digits of the test part, [N].</param>
/// <param name="seen">Digits below it were learned.</param>
internal sealed class ScoreTable(Tensor labels, int seen)
{
    // What is less sure than this share of the digits held out is flagged.
    private const double Trusted = 0.95;

    /// <summary>Prints four figures of a score.</summary>
    /// <param name="name">Of the score.</param>
    /// <param name="doubt">The score of each image, [N].</param>
    /// <param name="answers">The model's answer to each, [N].</param>
    /// <param name="doubtOfHeldOut">The score of digits that are known but were not learned from, [M].</param>
    public void Print(string name, Tensor doubt, Tensor answers, Tensor doubtOfHeldOut)
    {
        using var scope = NewDisposeScope();
        var isSeen = labels.lt(seen);
        var isWrong = answers.ne(labels);
        var known = doubt.masked_select(isSeen);
        var wrong = isWrong.masked_select(isSeen).index_select(0, known.argsort(descending: true));
        var tenth = wrong.size(0) / 10;
        var flagged = doubt.gt(doubtOfHeldOut.quantile(tensor(Trusted).to(doubt.dtype)));

        Console.WriteLine(name);
        Console.WriteLine($"  digits seen: {Percent(wrong[..(int)tenth])} wrong in the least sure tenth, {Percent(wrong[(int)tenth..])} in the rest");
        Console.WriteLine($"  digits never seen are told from seen: AUROC {Area(doubt, isSeen.logical_not()):0.000}");
        Console.WriteLine($"  flagged: {Percent(flagged.masked_select(isSeen))} of digits seen, {Percent(flagged.masked_select(isSeen.logical_not()))} of digits never seen; wrong of all: {Percent(isWrong)}, of those not flagged: {Percent(isWrong.masked_select(flagged.logical_not()))}");
    }

    private static string Percent(Tensor isTrue) => $"{100 * isTrue.to(ScalarType.Float64).mean().ToDouble():0.0} %";

    private static double Area(Tensor doubt, Tensor isPositive)
    {
        var auroc = new Auroc();
        auroc.Begin(CPU);
        auroc.Add(doubt, isPositive.to(ScalarType.Int64));
        auroc.End();
        return auroc.Value;
    }
}

using System.Globalization;
using NsDropoutTorch.Training.Metrics;

namespace NsDropoutTorch.Training.Callbacks;

/// <summary>Says when the accuracy on the selection part first reaches each of some levels, for instance <c>reached 90 % validation accuracy in 16 epochs</c>.</summary>
/// <param name="say">Receives the sentences, for instance <c>Console.WriteLine</c>.</param>
/// <param name="accuracies">The levels, in (0, 1], in any order.</param>
/// <exception cref="ArgumentException">There is no level, or one is twice or not in (0, 1].</exception>
public sealed class Milestones(Action<string> say, params IReadOnlyList<double> accuracies) : Callback
{
    // Accuracy is 1 − error, of which the last bit may be off.
    private const double Rounding = 1e-12;

    private readonly double[] levels = [.. Require.Distinct(accuracies, "accuracies").Select(level => Require.Share(level, "accuracy")).Order()];

    /// <summary>Epochs it took to reach <paramref name="accuracy"/> on the selection part; null where it never was.</summary>
    /// <param name="history">The epochs from the first on.</param>
    /// <param name="accuracy">The level, in (0, 1].</param>
    public static int? EpochsTo(IEnumerable<EpochRecord> history, double accuracy) =>
        history.FirstOrDefault(record => 1 - record.SelectionError >= accuracy - Rounding)?.Epoch + 1;

    /// <inheritdoc/>
    public override void OnEpochEnd(FitContext context, EpochRecord record)
    {
        foreach (var level in levels.Where(level => EpochsTo(context.History, level) == record.Epoch + 1))
        {
            say(Sentence(level, record.Epoch + 1));
        }
    }

    private static string Sentence(double accuracy, int epochs) => string.Create(
        CultureInfo.InvariantCulture,
        $"reached {accuracy * 100:0.###} % validation accuracy in {epochs} {(epochs == 1 ? "epoch" : "epochs")}");
}

namespace NsDropoutTorch.Experiments.Presets;

/// <summary>A published figure.</summary>
/// <param name="Layer">The layer it was measured with, as <see cref="LayerSpecification"/> writes it.</param>
/// <param name="Measure">What was measured.</param>
/// <param name="Value">What came out; errors are fractions in [0, 1].</param>
public sealed record PublishedFigure(string Layer, PublishedMeasure Measure, double Value)
{
    /// <summary>The same figure of these runs: the mean over those with this layer that did not diverge; null where it was not measured.</summary>
    /// <param name="runs">All runs of the experiment.</param>
    public double? MeasuredIn(IReadOnlyList<RunResult> runs)
    {
        var figures = runs.Where(run => run.Layer == Layer && run.Diverged is null).Select(Of).OfType<double>().ToArray();
        return figures.Length == 0 ? null : figures.Average();
    }

    private double? Of(RunResult run) => Measure switch
    {
        PublishedMeasure.TestError => run.TestError,
        PublishedMeasure.TestErrorLabelMask => run.TestErrorLabelMask,
        PublishedMeasure.TestLoss => run.TestLoss,
        PublishedMeasure.TrainError => run.History[^1].TrainError,
        PublishedMeasure.TrainLoss => run.History[^1].TrainLoss,
        _ => null,
    };
}

using NsDropoutTorch.Dropouts;

namespace NsDropoutTorch.Training.Callbacks;

/// <summary>
/// Changes drop rates while a model is trained: before each step it sets the p of every layer to its own p times the factor of a schedule, and puts the layers' own rates back when the
/// run is over, also when it failed. A resumed run gives the same bits, as the factor depends on the number of steps alone.
/// </summary>
/// <remarks>
/// It reaches what <see cref="DropRates.In"/> finds, TorchSharp's dropouts among them, but for layers that learn their rate. A rate of their own is the one that the layers have when the run
/// begins: build the model of a resumed run with the rates of the first.
/// </remarks>
/// <param name="schedule">The factors.</param>
public sealed class ScheduledDropRates(DropRateSchedule schedule) : Callback
{
    private readonly DropRateSchedule schedule = schedule ?? throw new ArgumentNullException(nameof(schedule));
    private (IDropRate Layer, double P)[] own = [];

    /// <summary>Names of the layers in the model that follow the schedule; null: all that can. Default: null.</summary>
    public IReadOnlyCollection<string>? Layers { get; init; }

    /// <inheritdoc/>
    public override IDisposable? Claim()
    {
        own = [];
        return new OwnRates(this);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The model has no such layer.</exception>
    public override void OnFitBegin(FitContext context)
    {
        var found = DropRates.In(context.Model).Where(named => named.Layer is not ILearnedRate).ToList();
        var names = Layers ?? [.. found.Select(named => named.Name)];
        if (names.Count == 0)
            throw Require.Broken("the model must have a layer whose drop rate can be set, but has none: leave ScheduledDropRates out, or implement IDropRate.");
        if (names.FirstOrDefault(name => found.All(named => named.Name != name)) is { } unknown)
            throw Require.Broken($"layers of ScheduledDropRates must be among {string.Join(", ", found.Select(named => named.Name))}, but got '{unknown}'.");
        own = [.. found.Where(named => names.Contains(named.Name, StringComparer.Ordinal)).Select(named => (named.Layer, named.Layer.p))];
    }

    /// <inheritdoc/>
    public override void OnStepBegin(FitContext context) => Set(schedule.Factor(context.Iteration));

    private void Set(double factor)
    {
        foreach (var (layer, p) in own)
            layer.p = p * factor;
    }

    private sealed class OwnRates(ScheduledDropRates callback) : IDisposable
    {
        public void Dispose()
        {
            callback.Set(1);
            callback.own = [];
        }
    }
}

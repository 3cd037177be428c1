using System.Collections;
using System.Globalization;
using System.Reflection;
using NsDropoutTorch.Training.Checkpoints;
using NsDropoutTorch.Training.Metrics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// The settings that decide a run's bits, in words, so that a resumed run can say which one differs. Whatever is added to
/// <see cref="TrainerOptions"/> counts unless it is named here or is code, which cannot be compared.
/// </summary>
internal static class RunSettings
{
    private static readonly string[] FreeToChange =
    [
        nameof(TrainerOptions.Epochs), nameof(TrainerOptions.ResumeFrom), nameof(TrainerOptions.ResumeStopped), nameof(TrainerOptions.Optimizer),
        nameof(TrainerOptions.Objective), nameof(TrainerOptions.ResumeChanges),
    ];

    public static Dictionary<string, string> Of<TBatch>(TrainerOptions options, TrainingTask<TBatch> task, nn.Module model, optim.Optimizer optimizer)
    {
        using var culture = new InvariantCulture();
        var settings = Of(options);
        settings["Optimizer"] = InWords(optimizer);
        settings["Generators of modules"] = RandomState.InWords(model);
        settings["Fit data"] = InWords(task.Fit);
        settings["Mask statistics"] = InWords(task.MaskStatistics);
        settings["Selection data"] = InWords(task.Selection);
        return settings;
    }

    /// <summary>Throws unless the settings are those of the checkpoint.</summary>
    /// <exception cref="CheckpointException">One differs; the message names it.</exception>
    public static void Check(IReadOnlyDictionary<string, string> saved, Dictionary<string, string> current, string path, IReadOnlyList<string> changes)
    {
        using var culture = new InvariantCulture();
        foreach (var name in saved.Keys.Union(current.Keys, StringComparer.Ordinal).Except(changes, StringComparer.Ordinal))
        {
            var (before, now) = (saved.GetValueOrDefault(name, "none"), current.GetValueOrDefault(name, "none"));
            if (before != now)
            {
                throw new CheckpointException(
                    $"{name} must be {before} to resume from '{path}', but got {now}; where that is meant, name it in ResumeChanges, or start a new run from its weights (Checkpoint.LoadWeights).");
            }
        }
    }

    private static Dictionary<string, string> Of(TrainerOptions options) => typeof(TrainerOptions).GetProperties()
        .Where(property => !FreeToChange.Contains(property.Name) && !property.PropertyType.IsAssignableTo(typeof(Delegate)))
        .ToDictionary(property => property.Name, property => InWords(property.GetValue(options)), StringComparer.Ordinal);

    private static string InWords(object? value) => value switch
    {
        null => "none",
        string text => text,
        IScalarMetric metric => metric.Name,
        IEnumerable items => $"[{string.Join(", ", items.Cast<object>().Select(InWords))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string InWords<TBatch>(BatchSource<TBatch>? source) => source?.Tensors is not [var inputs, ..]
        ? "none"
        : $"{inputs.dtype} [{string.Join(", ", inputs.shape)}]";

    private static string InWords(optim.Optimizer optimizer)
    {
        var groups = optimizer.ParamGroups.OfType<ParamGroup>()
            .Select(group => $"{InWords(group.Options)} for {group.Parameters.Count()} parameters");
        return $"{optimizer.GetType().Name} {string.Join(", ", groups)}";
    }

    // Options hold their numbers partly in fields, partly in properties.
    private static string InWords(OptimizerOptions options)
    {
        var type = options.GetType();
        var values = type.GetProperties().Select(property => (property.Name, Value: property.GetValue(options)))
            .Concat(type.GetFields(BindingFlags.Public | BindingFlags.Instance).Select(field => (field.Name, Value: field.GetValue(options))))
            .OrderBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => $"{member.Name} = {InWords(member.Value)}");
        return $"{{ {string.Join(", ", values)} }}";
    }

    /// <summary>The invariant culture on this thread until disposed: records and what else users bring format by the current one.</summary>
    private readonly ref struct InvariantCulture
    {
        private readonly CultureInfo before = CultureInfo.CurrentCulture;

        public InvariantCulture() => CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

        public void Dispose() => CultureInfo.CurrentCulture = before;
    }
}

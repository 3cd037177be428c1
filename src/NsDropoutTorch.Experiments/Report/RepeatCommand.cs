using System.Globalization;
using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Data.Formats;
using NsDropoutTorch.Experiments.Protocols;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments.Report;

/// <summary>The command line that runs a comparison again.</summary>
internal static class RepeatCommand
{
    /// <summary>The command with every option written out, one a line, for a POSIX shell.</summary>
    public static string Of(ComparisonSettings settings, RunEnvironment environment)
    {
        (string Option, string Value)[] arguments =
        [
            ("--dataset", settings.DatasetPath ?? settings.Dataset),
            .. settings.Label is { } label ? new[] { ("--label", label) } : [],
            .. settings.Header == CsvHeader.Auto ? [] : new[] { ("--header", settings.Header == CsvHeader.Yes ? "yes" : "no") },
            ("--layers", string.Join(',', settings.Layers)),
            ("--protocol", settings.Protocol.Name),
            ("--seeds", Seeds(settings.Seeds)),
            ("--epochs", Invariant(settings.Epochs)),
            ("--batch-size", settings.BatchSize is { } size ? Invariant(size) : "full"),
            ("--p", Invariant(settings.P)),
            ("--model", settings.Model.Name),
            ("--hidden", string.Join(',', settings.Hidden.Select(Invariant))),
            ("--after", string.Join(',', settings.After.Select(Invariant))),
            ("--lr", Invariant(settings.LearningRate)),
            ("--decay", Invariant(settings.Decay)),
            ("--adam-eps", Invariant(settings.AdamEps)),
            ("--l2", Invariant(settings.FirstLayerL2)),
            ("--init-std", settings.InitialStd is { } std ? Invariant(std) : "default"),
            ("--standardize", settings.Standardize ? "yes" : "no"),
            ("--patience", settings.Patience is { } patience ? Invariant(patience) : "none"),
            ("--noise-epochs", settings.NoiseEpochs is { } epochs ? Invariant(epochs) : "same"),
            ("--device", environment.Device),
            ("--threads", Invariant(environment.Threads)),
            ("--out", "results"),
        ];
        return string.Join(" \\\n  ", arguments.Select(argument => $"{argument.Option} {Quoted(argument.Value)}").Prepend("nsdropout compare"));
    }

    /// <summary>Seeds as the command line takes them, neighbours as ranges: <c>22..31,40</c>.</summary>
    public static string Seeds(IReadOnlyList<long> seeds)
    {
        var ranges = new List<(long First, long Last)>();
        foreach (var seed in seeds)
        {
            if (ranges.Count > 0 && ranges[^1].Last + 1 == seed)
            {
                ranges[^1] = (ranges[^1].First, seed);
            }
            else
            {
                ranges.Add((seed, seed));
            }
        }

        return string.Join(',', ranges.Select(range => range.First == range.Last ? Invariant(range.First) : $"{Invariant(range.First)}..{Invariant(range.Last)}"));
    }

    private static string Invariant<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);

    private static string Quoted(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./,:=@+".Contains(c, StringComparison.Ordinal))
            ? argument
            : $"'{argument.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}

using System.Globalization;
using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Data.Formats;
using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Protocols;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments.Report;

/// <summary>Settings, machine and data, and how to run it all again.</summary>
internal static class OriginSection
{
    public static Html Of(ComparisonResults results) => Html.Of(
        $"""
        <section>
        <h2>How to repeat this</h2>
        <pre tabindex="0"><code>{RepeatCommand.Of(results.Settings, results.Environment)}</code></pre>
        <p>The data files below are looked for in the folder that <code>--data</code> names, then in <code>$NSDROPOUT_DATA</code>, then in <code>data/</code>, then beside the program. With the same files, versions, processor and number of threads every error comes out the same.</p>
        <div class="pair">
        {Settings(results.Settings)}
        {Machine(results.Environment)}</div>
        {Data(results.Environment.Data)}</section>

        """);

    private static Html Settings(ComparisonSettings settings) => Table("Settings", [
        ("data set", settings.Dataset),
        ("layers", string.Join(", ", settings.Layers)),
        ("protocol", settings.Protocol.Name),
        ("training samples", settings.TrainSamples is { } samples ? Text(samples) : "all"),
        ("seeds", RepeatCommand.Seeds(settings.Seeds)),
        ("epochs", Text(settings.Epochs)),
        ("recipe", settings.Recipe),
        ("batch size", settings.BatchSize is { } size ? Text(size) : "full"),
        ("p", Text(settings.P)),
        ("model", settings.Model.Name),
        ("hidden", string.Join(", ", settings.Hidden)),
        ("regularised after", string.Join(", ", settings.After)),
        ("learning rate", Text(settings.LearningRate)),
        ("decay", Text(settings.Decay)),
        ("Adam's ε", Text(settings.AdamEps)),
        ("first layer's L2", Text(settings.FirstLayerL2)),
        ("initial deviation", settings.InitialStd is { } std ? Text(std) : "TorchSharp's own initialisation"),
        ("inputs standardised", settings.Standardize ? "by the part fitted to" : "no"),
        ("patience", settings.Patience is { } patience ? Text(patience) : "none"),
    ]);

    private static Html Machine(RunEnvironment environment) => Table("Environment", [
        ("started", environment.Started.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)),
        ("project", environment.Project),
        ("TorchSharp", environment.TorchSharp),
        ("libtorch", environment.Libtorch),
        (".NET", environment.Dotnet),
        ("system", $"{environment.Os}, {environment.Architecture}"),
        ("processor", environment.Processor ?? "unknown"),
        ("cores", Text(environment.Cores)),
        ("threads", Text(environment.Threads)),
        ("device", environment.Device),
    ]);

    private static Html Table(string caption, IEnumerable<(string Name, string Value)> rows) => Html.Of(
        $"""
        <table class="facts">
        <caption>{caption}</caption>
        <tbody>
        {rows.Select(row => Html.Of($"<tr><th scope=\"row\">{row.Name}</th><td>{row.Value}</td></tr>\n"))}</tbody>
        </table>

        """);

    private static Html Data(DataSource data) => Html.Of(
        $"""
        <h3>Data</h3>
        <p>{data.Source} {data.TrainCount:#,##0} samples to learn from and {data.TestCount:#,##0} to be tested on{(data.LabelText is { } label ? $"; {label}" : "")}.</p>
        {(data.Files.Count == 0 ? Html.Of($"<p>No file was read.</p>") : Files(data))}
        """);

    private static Html Files(DataSource data) => Html.Of(
        $"""
        <table class="files">
        <caption>Files read, with SHA-256</caption>
        <thead><tr><th scope="col">file</th><th scope="col">bytes</th></tr></thead>
        <tbody>
        {data.Files.Select(file => Html.Of($"<tr><th scope=\"row\">{file.Name} <code>{file.Sha256}</code></th><td>{file.Bytes:#,##0}</td></tr>\n"))}</tbody>
        </table>

        """);

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}

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
            .. settings.TrainSamples is { } samples ? new[] { ("--train-samples", Invariant(samples)) } : [],
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

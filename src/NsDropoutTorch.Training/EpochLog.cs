namespace NsDropoutTorch.Training;

/// <summary>
/// A text file with one line per epoch, complete after each epoch. The file begins anew with the run's history:
/// empty for a new run; for a resumed one, what it had logged up to the point it resumes from, so that no epoch is there twice.
/// </summary>
/// <param name="path">The file; its folder is made if missing.</param>
public abstract class EpochLog(string path) : Callback
{
    private readonly string path = Path.GetFullPath(path);

    /// <summary>The first line; null: none.</summary>
    /// <param name="learned">Names of the modules that learn a drop rate.</param>
    protected virtual string? Header(IEnumerable<string> learned) => null;

    /// <inheritdoc/>
    public sealed override void OnFitBegin(FitContext context)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string[] lines = [.. Header(LearnedRates.Of(context.Model).Keys) is { } header ? [header] : Array.Empty<string>(), .. context.History.Select(Line)];
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            writer.Write(string.Concat(lines.Select(line => line + "\n")));
        });
    }

    /// <inheritdoc/>
    public sealed override void OnEpochEnd(FitContext context, EpochRecord record) => File.AppendAllText(path, Line(record) + "\n");

    /// <summary>The line of an epoch, without its end.</summary>
    /// <param name="record">What the epoch measured.</param>
    protected abstract string Line(EpochRecord record);
}

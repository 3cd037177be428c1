using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Callbacks;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace NsDropoutTorch.Cli.Hosting;

/// <summary>Epoch, loss, errors and time left on one line of a terminal, which is drawn anew.</summary>
/// <param name="console">A terminal that knows ANSI.</param>
/// <param name="title">What is being trained, for instance <c>nsdropout, seed 22</c>.</param>
/// <param name="clock">What measures the time; null: the system's clock.</param>
internal sealed class RunBar(IAnsiConsole console, string title, TimeProvider? clock = null) : Callback
{
    private const int Width = 20;
    private const string EraseLineAbove = "\e[1A\e[2K";

    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider clock = clock ?? TimeProvider.System;
    private long started;
    private double epochsBefore;
    private long? drawn;

    /// <inheritdoc/>
    public override void OnFitBegin(FitContext context) =>
        (started, epochsBefore, drawn) = (clock.GetTimestamp(), (double)context.Iteration / context.StepsPerEpoch, null);

    /// <inheritdoc/>
    public override void OnEpochEnd(FitContext context, EpochRecord record)
    {
        var epochs = context.Options.Epochs;
        Redraw(ProgressLine.Format(record, epochs, clock.GetElapsedTime(started), epochsBefore), (record.Epoch + 1.0) / epochs);
    }

    /// <inheritdoc/>
    public override void OnFitEnd(FitContext context)
    {
        if (context.StopReason is { } reason)
        {
            console.WriteLine(Invariant($"{title}  stopped after {context.Epoch} {(context.Epoch == 1 ? "epoch" : "epochs")}: {reason}"));
        }
    }

    // Each drawing ends with a new line and is erased by the next, so whatever is printed after a failure starts on a line of its own.
    private void Redraw(string text, double fraction)
    {
        if (fraction < 1 && drawn is { } last && clock.GetElapsedTime(last) < RedrawInterval)
        {
            return;
        }

        if (drawn is not null)
        {
            console.Write(new ControlCode(EraseLineAbove));
        }

        var (done, left) = ProgressLine.Bar(fraction, Width);
        var line = $"{Markup.Escape(title)} [green]{done}[/][grey]{left}[/] {Markup.Escape(text)}";
        console.Write(new Markup(line) { Overflow = Overflow.Crop });
        console.WriteLine();
        drawn = clock.GetTimestamp();
    }
}

/// <summary>Says which file is being downloaded, in ten lines a file at most.</summary>
/// <param name="writer">Where to write.</param>
internal sealed class DownloadDisplay(TextWriter writer) : IProgress<DownloadProgress>
{
    private const int LinesPerFile = 10;
    private const double Megabyte = 1e6;

    private (string File, long Tenth)? last;

    public void Report(DownloadProgress value)
    {
        var total = value.BytesTotal;
        var now = (value.FileName, total > 0 ? value.BytesDone * LinesPerFile / total.Value : 0);
        if (now != last)
        {
            last = now;
            writer.WriteLine(Line(value));
        }
    }

    private static string Line(DownloadProgress value)
    {
        var size = value.BytesTotal is { } total ? Invariant($" of {total / Megabyte:F1}") : "";
        return Invariant($"file {value.FilesDone + 1}/{value.FilesTotal}  {value.FileName}  {value.BytesDone / Megabyte:F1}{size} MB");
    }
}

using System.Globalization;
using TorchSharp;

namespace NsDropoutTorch.Training.Callbacks;

/// <summary>
/// Shows within each epoch how far it is, the loss, the steps a second and the time left, on one line of the terminal that is written over, and one line for each finished epoch.
/// Where the output is redirected only those are written, so that files and notebooks stay readable. No line is longer than the terminal is wide.
/// </summary>
/// <param name="writer">Where to write; it stays the caller's. Null: <c>Console.Out</c>.</param>
/// <param name="terminalWidth">Characters of a line of the terminal, 0 where there is none; null: the console's.</param>
/// <param name="clock">What measures the time; null: the system's clock.</param>
public sealed class ProgressBar(TextWriter? writer = null, Func<int>? terminalWidth = null, TimeProvider? clock = null) : Callback
{
    private const int BarCells = 20;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly TextWriter writer = writer ?? Console.Out;
    private readonly Func<int> terminalWidth = terminalWidth ?? ConsoleWidth;
    private readonly TimeProvider clock = clock ?? TimeProvider.System;
    private long started;
    private long drawn;
    private long stepsBefore;
    private int shown;

    /// <inheritdoc/>
    public override void OnFitBegin(FitContext context) => (started, drawn, stepsBefore, shown) = (clock.GetTimestamp(), clock.GetTimestamp(), context.Iteration, 0);

    /// <inheritdoc/>
    public override void OnStepEnd(FitContext context)
    {
        if (clock.GetElapsedTime(drawn) < Interval || terminalWidth() is not (> 0 and var width))
        {
            return;
        }

        drawn = clock.GetTimestamp();
        var steps = context.Iteration - ((long)context.Epoch * context.StepsPerEpoch);
        var (done, left) = ProgressLine.Bar((double)steps / context.StepsPerEpoch, BarCells);
        var perSecond = (context.Iteration - stepsBefore) / clock.GetElapsedTime(started).TotalSeconds;
        var toGo = TimeSpan.FromSeconds((((long)context.Options.Epochs * context.StepsPerEpoch) - context.Iteration) / perSecond);
        Draw(
            string.Create(
                CultureInfo.InvariantCulture,
                $"epoch {context.Epoch + 1}/{context.Options.Epochs} {done}{left.Replace('━', '─')} {steps}/{context.StepsPerEpoch}  loss {context.Loss!.Number():F4}  {perSecond:G3} steps/s  {ProgressLine.Left(toGo)}"),
            width);
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(FitContext context, EpochRecord record)
    {
        var line = ProgressLine.Format(record, context.Options.Epochs, clock.GetElapsedTime(started), (double)stepsBefore / context.StepsPerEpoch);
        if (terminalWidth() is > 0 and var width)
        {
            Draw(line, width);
            shown = 0;
            writer.WriteLine();
        }
        else
        {
            writer.WriteLine(line);
        }
    }

    /// <inheritdoc/>
    public override void OnFitEnd(FitContext context) => Close(context.StopReason is { } reason ? $"stopped after {Plural.Of(context.Epoch, "epoch")}: {reason}" : null);

    /// <inheritdoc/>
    public override void OnException(FitContext context, Exception exception) => Close(null);

    /// <summary>The width of the console's window; 0 where its output is redirected.</summary>
    private static int ConsoleWidth()
    {
        if (Console.IsOutputRedirected)
        {
            return 0;
        }

        try
        {
            return Console.WindowWidth;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    // The last column stays free: a terminal may begin a new line after it.
    private void Draw(string line, int width)
    {
        var text = line.Length < width ? line : line[..(width - 1)];
        writer.Write($"\r{text.PadRight(Math.Min(shown, width - 1))}");
        shown = text.Length;
        writer.Flush();
    }

    private void Close(string? line)
    {
        if (shown > 0)
        {
            writer.WriteLine();
            shown = 0;
        }

        if (line is not null)
        {
            writer.WriteLine(line);
        }
    }
}

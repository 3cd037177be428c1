using NsDropoutTorch.Training.Display;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace NsDropoutTorch.Training;

/// <summary>
/// Shows epoch, loss, errors and time left: one line that is redrawn on a terminal, about ten plain lines a run when output is redirected, however long they are.
/// Epochs count from 1. To be silent, leave it out.
/// </summary>
/// <param name="console">Where to write.</param>
/// <param name="title">What is being trained, for instance <c>nsdropout, seed 22</c>.</param>
/// <param name="clock">What measures the time; null: the system's clock.</param>
public sealed class ConsoleProgress(IAnsiConsole console, string title, TimeProvider? clock = null) : Callback
{
    private const int BarWidth = 20;
    private const int PlainLines = 10;
    private const string EraseLineAbove = "\e[1A\e[2K";

    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider clock = clock ?? TimeProvider.System;
    private long started;
    private double epochsBefore;
    private long? drawn;

    private bool IsLive => console.Profile.Capabilities.Ansi && console.Profile.Out.IsTerminal;

    /// <inheritdoc/>
    public override void OnFitBegin(FitContext context) =>
        (started, epochsBefore, drawn) = (clock.GetTimestamp(), (double)context.Iteration / context.StepsPerEpoch, null);

    /// <inheritdoc/>
    public override void OnEpochEnd(FitContext context, EpochRecord record)
    {
        var epochs = context.Options.Epochs;
        var text = ProgressLine.Format(record, epochs, clock.GetElapsedTime(started), epochsBefore);
        if (IsLive)
        {
            Redraw(text, (record.Epoch + 1.0) / epochs);
        }
        else if (IsMilestone(record.Epoch, epochs))
        {
            WriteLine($"{title}  {text}");
        }
    }

    /// <inheritdoc/>
    public override void OnFitEnd(FitContext context)
    {
        if (context.StopReason is { } reason)
        {
            WriteLine($"{title}  stopped after {Words.Count(context.Epoch, "epoch")}: {reason}");
        }
    }

    private static bool IsMilestone(int epoch, int epochs) =>
        (long)(epoch + 1) * PlainLines / epochs > (long)epoch * PlainLines / epochs;

    private void WriteLine(string text) => console.Write(new OneLine(text));

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

        var (done, left) = ProgressLine.Bar(fraction, BarWidth);
        var line = $"{Markup.Escape(title)} [green]{done}[/][grey]{left}[/] {Markup.Escape(text)}";
        console.Write(new Markup(line) { Overflow = Overflow.Crop });
        console.WriteLine();
        drawn = clock.GetTimestamp();
    }

    /// <summary>A line as it is: a console breaks text where it believes the window to end, also in a file that has no end.</summary>
    private sealed class OneLine(string text) : Renderable
    {
        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => [new(text), Segment.LineBreak];
    }
}

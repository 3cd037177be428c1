using System.Diagnostics;
using Spectre.Console;

namespace NsDropoutTorch.Training;

/// <summary>
/// Shows epoch, loss, errors and time left: one line that is redrawn on a terminal, about ten plain lines a run when output is redirected.
/// To be silent, leave it out.
/// </summary>
/// <param name="console">Where to write.</param>
/// <param name="title">What is being trained, for instance <c>nsdropout, seed 22</c>.</param>
public sealed class ConsoleProgress(IAnsiConsole console, string title) : Callback
{
    private const int BarWidth = 20;
    private const int PlainLines = 10;
    private const string EraseLineAbove = "\e[1A\e[2K";

    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(100);

    private long started;
    private long drawn;

    private bool IsLive => console.Profile.Capabilities.Ansi && console.Profile.Out.IsTerminal;

    /// <inheritdoc/>
    public override void OnFitBegin(FitContext context) => (started, drawn) = (Stopwatch.GetTimestamp(), 0);

    /// <inheritdoc/>
    public override void OnEpochEnd(FitContext context, EpochRecord record)
    {
        var epochs = context.Options.Epochs;
        var text = ProgressLine.Format(record, epochs, Stopwatch.GetElapsedTime(started));
        if (IsLive)
        {
            Redraw(text, (record.Epoch + 1.0) / epochs);
        }
        else if (IsMilestone(record.Epoch, epochs))
        {
            console.WriteLine($"{title}  {text}");
        }
    }

    /// <inheritdoc/>
    public override void OnFitEnd(FitContext context)
    {
        if (context.StopReason is { } reason)
        {
            console.WriteLine($"{title}  stopped after {context.Epoch} epochs: {reason}");
        }
    }

    private static bool IsMilestone(int epoch, int epochs) =>
        (long)(epoch + 1) * PlainLines / epochs > (long)epoch * PlainLines / epochs;

    // Each drawing ends with a new line and is erased by the next, so whatever is printed after a failure starts on a line of its own.
    private void Redraw(string text, double fraction)
    {
        if (drawn != 0 && fraction < 1 && Stopwatch.GetElapsedTime(drawn) < RedrawInterval)
        {
            return;
        }

        if (drawn != 0)
        {
            console.Write(new ControlCode(EraseLineAbove));
        }

        var (done, left) = ProgressLine.Bar(fraction, BarWidth);
        var line = $"{Markup.Escape(title)} [green]{done}[/][grey]{left}[/] {Markup.Escape(text)}";
        console.Write(new Markup(line) { Overflow = Overflow.Crop });
        console.WriteLine();
        drawn = Stopwatch.GetTimestamp();
    }
}

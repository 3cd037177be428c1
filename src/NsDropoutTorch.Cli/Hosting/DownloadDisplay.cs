using NsDropoutTorch.Data.Catalog;

namespace NsDropoutTorch.Cli.Hosting;

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

using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Docs.Tests.Examples;

/// <summary>What docs/results.md says of sudden drops, at a small scale: masks that are chosen anew make the loss jump, and the same masks left alone do not.</summary>
public sealed partial class SuddenDropsTests : IDisposable
{
    private const int Frozen = 30;
    private const int Epochs = 90;

    private readonly TempFolder folder = new();
    private readonly string before = Directory.GetCurrentDirectory();

    public SuddenDropsTests() => Directory.SetCurrentDirectory(folder.Path);

    public void Dispose()
    {
        Directory.SetCurrentDirectory(before);
        folder.Dispose();
    }

    [Fact]
    public void Program_MasksFrozen_TheLossNoLongerJumps()
    {
        var output = ExampleProgram.Run("SuddenDrops", "optdigits", "22..24", $"{Epochs}", "nsdropout", "nsdropout:freeze=30");

        var rows = Epoch.Read(folder.PathOf("sudden-drops.csv"));
        var (chosen, frozen) = (Runs("nsdropout"), Runs("nsdropout:freeze=30"));
        Assert.All([.. chosen, .. frozen], run => Assert.Equal(Epochs, run.Length));
        Assert.All(chosen.Zip(frozen), pair =>
        {
            // One run until the masks of one of them stay as they are.
            Assert.Equal(pair.First[..Frozen], pair.Second[..Frozen]);
            Assert.All(pair.Second[(Frozen + 1)..], epoch => Assert.Equal(0, epoch.Flipped));
            Assert.Contains(pair.First[(Frozen + 1)..], epoch => epoch.Flipped > 0);
        });

        // Measured with ten seeds, 150 epochs: 13.5 jumps a run, and 0.6.
        var (with, without) = (chosen.Sum(Jumps), frozen.Sum(Jumps));
        Assert.True(with >= 3 * (without + 1), $"{with} jumps with masks chosen anew, {without} with masks left alone");
        Assert.Equal([with / 3.0, without / 3.0], Row().Matches(output).Select(row => double.Parse(row.Groups["jumps"].Value, CultureInfo.InvariantCulture)), (a, b) => Math.Abs(a - b) < 0.051);
        Assert.Equal([Drops(chosen), Drops(frozen)], Row().Matches(output).Select(row => row.Groups["with"].Value));
        var picture = Picture(folder.PathOf("sudden-drops-1.svg"));
        Assert.Equal(["nsdropout", "nsdropout:freeze=30"], Titles(picture));
        Assert.Single(picture.Descendants(), element => element.Attribute("stroke-dasharray") is not null);

        Epoch[][] Runs(string variant) => [.. rows.Where(row => row.Variant == variant).GroupBy(row => row.Seed).Select(run => run.ToArray())];
    }

    // The pictures take minutes to make again (--pictures), so what is committed is held to the page.
    [Fact]
    public void OpenPointsPicture_AsCommitted_HasFiguresOfTheTable()
    {
        string[][] table = [.. ErrorCells().Matches(Repository.Read("docs/results.md")).Select(row => new[] { $"{row.Groups["free"].Value} %", $"{row.Groups["masks"].Value} %" })];

        string[][] bars = [.. Picture(Repository.PathOf("docs/sudden-drops-open-points.svg")).Descendants().Select(text => text.Value).Where(text => BarFigure().IsMatch(text)).Chunk(2)];

        Assert.Equal(11, bars.Length);
        Assert.All(bars, bar => Assert.Contains(bar, table));
    }

    [Fact]
    public void CurvesPicture_AsCommitted_HasEightPanelsAndMarksWhereMasksAreFrozen()
    {
        var picture = Picture(Repository.PathOf("docs/sudden-drops.svg"));

        Assert.Equal(8, Titles(picture).Count());
        Assert.Equal(Titles(picture).Count(title => title.Contains("frozen", StringComparison.Ordinal)), picture.Descendants().Count(element => element.Attribute("stroke-dasharray") is not null));
    }

    [Theory]
    [InlineData("nsdropout:speed=3", "a setting must be lr,")]
    [InlineData("drop", "a variant must begin with none, dropout, nsdropout, but got 'drop'.")]
    public void Program_UnknownVariant_SaysWhatThereIs(string variant, string message)
    {
        var refusal = Assert.ThrowsAny<Exception>(() => ExampleProgram.Invoke("SuddenDrops", "optdigits", "1..1", "1", variant));
        Assert.Contains(message, refusal.InnerException!.Message, StringComparison.Ordinal);
    }

    private static XElement Picture(string path)
    {
        Assert.True(new FileInfo(path).Length is > 1_000 and < 60_000);
        var picture = XDocument.Load(path).Root!;
        Assert.Equal("img", picture.Attribute("role")!.Value);
        Assert.Equal("title", picture.Elements().First().Name.LocalName);
        return picture;
    }

    private static IEnumerable<string> Titles(XElement picture) => picture.Descendants().Where(element => element.Attribute("font-weight") is not null).Select(element => element.Value);

    private static int Jumps(Epoch[] run) => Enumerable.Range(Frozen + 1, Epochs - Frozen - 1).Count(i => run[i].Loss > 1.5 * run[i - 1].Loss && run[i].Loss > 0.02);

    // The slow way: every epoch from which on five lie five points below the best of all before them.
    private static string Drops(Epoch[][] runs) => $"{runs.Count(run => Enumerable.Range(Frozen, Epochs - Frozen).Any(start =>
        !IsBelow(run, start - 1) && start + 5 <= Epochs && Enumerable.Range(start, 5).All(epoch => IsBelow(run, epoch))))} of {runs.Length}";

    private static bool IsBelow(Epoch[] run, int epoch) => run[..epoch].Max(earlier => earlier.Accuracy) - run[epoch].Accuracy >= 0.05;

    [GeneratedRegex(@"^nsdropout\S* +(?<with>\d of \d) .* (?<jumps>[0-9.]+) \| ", RegexOptions.Multiline, 1_000)]
    private static partial Regex Row();

    // Of a row of the table of open points: seeds, and both errors without deviations.
    [GeneratedRegex(@"\| \d+ \| \**(?<free>[0-9.]+)( ± [0-9.]+)? %\** \| (?<masks>[0-9.]+)( ± [0-9.]+)? % \|", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex ErrorCells();

    [GeneratedRegex("^[0-9.]+ %$", RegexOptions.None, 1_000)]
    private static partial Regex BarFigure();

    private sealed record Epoch(string Variant, int Seed, double Accuracy, double Loss, double Flipped)
    {
        public static IReadOnlyList<Epoch> Read(string path) =>
        [
            .. File.ReadLines(path).Skip(1).Select(line => line.Split(',')).Select(cells =>
                new Epoch(cells[1], int.Parse(cells[2], null), Number(cells[4]), Number(cells[6]), Number(cells[10]))),
        ];

        public bool Equals(Epoch? other) => other is not null && (Seed, Accuracy, Loss) == (other.Seed, other.Accuracy, other.Loss);

        public override int GetHashCode() => HashCode.Combine(Seed, Accuracy, Loss);

        private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);
    }
}

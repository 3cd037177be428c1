using System.Text.RegularExpressions;
using NsDropoutTorch.Training.TensorBoard;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests.TensorBoard;

public sealed class EventWriterTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, 500, TimeSpan.Zero);

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly TemporaryFolder folder = new();
    private readonly SteppedClock clock = new(Start);

    public void Dispose()
    {
        folder.Dispose();
        scope.Dispose();
    }

    [Fact]
    public void File_OfNoEvent_BeginsAsTensorFlowsDo()
    {
        string path;
        using (var writer = new EventWriter(Path.Combine(folder.Root, "run"), clock)) path = writer.Path;

        // A record of 24 bytes, the checksum of that number, and the field of the time: every event file of TensorFlow begins with these 13 bytes.
        Assert.StartsWith("1800000000000000a37f4b2209", Convert.ToHexStringLower(File.ReadAllBytes(path)), StringComparison.Ordinal);
        var first = Assert.Single(EventFile.Read(path));
        Assert.Equal("brain.Event:2", first.Text(3));
        Assert.Equal(Start.ToUnixTimeMilliseconds() / 1000.0, first.Double(1));
        Assert.Matches(new Regex($@"^events\.out\.tfevents\.{Start.ToUnixTimeSeconds()}\..+\.{Environment.ProcessId}\.\d+$", RegexOptions.None, TimeSpan.FromSeconds(1)), Path.GetFileName(path));
    }

    [Fact]
    public void Files_OfOneSecond_DoNotMeet()
    {
        using var one = new EventWriter(folder.Root, clock);
        using var other = new EventWriter(folder.Root, clock);

        Assert.Equal(2, Directory.GetFiles(folder.Root).Length);
        Assert.NotEqual(one.Path, other.Path);
    }

    [Fact]
    public void Scalar_Values_HaveTagStepAndTime()
    {
        var events = Write(writer =>
        {
            writer.Scalar("loss/train", 0.1, 7);
            clock.Advance(TimeSpan.FromSeconds(1.5));
            writer.Scalar("größe", double.NaN, 3_000_000_000);
        });

        Assert.Equal([("loss/train", 7L, 0.1f), ("größe", 3_000_000_000L, float.NaN)], EventFile.Scalars(events));
        Assert.Equal([0, 0, 1.5], events.Select(e => e.Double(1) - (Start.ToUnixTimeMilliseconds() / 1000.0)));
    }

    [Fact]
    public void Scalar_ManyRecordsOfAllSizes_AreReadBack()
    {
        var events = Write(writer =>
        {
            for (var i = 0; i < 5_000; i++)
                writer.Scalar(new string('x', 1 + (i % 700)), i, i);
        });

        Assert.Equal(Enumerable.Range(0, 5_000).Select(i => (new string('x', 1 + (i % 700)), (long)i, (float)i)), EventFile.Scalars(events));
    }

    [Fact]
    public void Flush_Time_IsKept()
    {
        using var writer = new EventWriter(folder.Root, clock) { FlushEvery = TimeSpan.FromSeconds(2) };
        int Count() => EventFile.Read(writer.Path).Count;

        writer.Scalar("a", 1, 1);
        Assert.Equal(1, Count());
        clock.Advance(TimeSpan.FromSeconds(2));
        writer.Scalar("a", 1, 2);
        Assert.Equal(3, Count());
        writer.Scalar("a", 1, 3);
        Assert.Equal(3, Count());
        writer.Flush();
        Assert.Equal(4, Count());
    }

    [Fact]
    public void Text_Words_AreATensorOfThePluginText()
    {
        var value = EventFile.Value(Write(writer => writer.Text("note", "**fett** – größer", 3)), "note");

        Assert.Equal("text", value.Message(9).Message(1).Text(1));
        Assert.Equal(2, value.Message(9).Integer(4));
        Assert.Equal((7, "**fett** – größer"), (value.Message(8).Integer(1), value.Message(8).Text(8)));
    }

    [Fact]
    public void Restart_Step_IsASessionThatStarts()
    {
        var restart = Write(writer => writer.Restart(41))[1];

        Assert.Equal((41, 1), (restart.Integer(2), restart.Message(7).Integer(1)));
    }

    [Fact]
    public void HParams_Values_AreTheThreeSummaries()
    {
        var events = Write(writer =>
        {
            writer.HParams(new Dictionary<string, object> { ["optimizer"] = "Adam", ["nesterov"] = true, ["hidden"] = 128, ["lr"] = 0.1f }, "loss/train");
            clock.Advance(TimeSpan.FromSeconds(60));
            writer.HParamsEnd(succeeded: false);
        });
        WireMessage Content(string name, int field)
        {
            var metadata = EventFile.Value(events, $"_hparams_/{name}").Message(9);
            Assert.Equal("hparams", metadata.Message(1).Text(1));
            return new WireMessage(metadata.Message(1).Bytes(2)).Message(field);
        }

        Assert.Equal([("optimizer", 1L), ("nesterov", 2L), ("hidden", 3L), ("lr", 3L)], Content("experiment", 2).Messages(4).Select(info => (info.Text(1), info.Integer(4))));
        Assert.Equal("loss/train", Content("experiment", 2).Message(5).Message(1).Text(2));
        var values = Content("session_start_info", 3).Messages(1).ToDictionary(entry => entry.Text(1), entry => entry.Message(2));
        Assert.Equal(("Adam", 1, 128, 0.1f), (values["optimizer"].Text(3), values["nesterov"].Integer(4), values["hidden"].Double(2), (float)values["lr"].Double(2)));
        Assert.Equal(Start.ToUnixTimeMilliseconds() / 1000.0, Content("session_start_info", 3).Double(5));
        Assert.Equal((2, (Start.ToUnixTimeMilliseconds() / 1000.0) + 60), (Content("session_end_info", 4).Integer(1), Content("session_end_info", 4).Double(2)));
    }

    [Fact]
    public void Image_Floats_AreRoundedBytesOfAPng()
    {
        var image = tensor(new float[] { -1, 0, 0.5f, 1, 2, float.NaN }, 2, 3);
        AssertImage(image, (2, 3, 1), [0, 0, 128, 255, 255, 0]);
        AssertImage(image.unsqueeze(0), (2, 3, 1), [0, 0, 128, 255, 255, 0]);
        AssertImage(image.to(ScalarType.Float16).t().contiguous().t(), (2, 3, 1), [0, 0, 128, 255, 255, 0]);
    }

    [Fact]
    public void Image_BytesOfThreeChannels_StayAsTheyAre() =>
        AssertImage(tensor(new byte[] { 1, 2, 3, 4, 5, 6 }, 3, 1, 2), (1, 2, 3), [1, 3, 5, 2, 4, 6]);

    [Fact]
    public void Image_OfAnotherShapeOrDtype_SaysWhatItMustBe()
    {
        using var writer = new EventWriter(folder.Root, clock);

        Assert.Equal(
            "an image must be [H, W] or [C, H, W] with 1 or 3 channels, but got [8, 8, 3]; take one image of a batch, and permute channels that come last.",
            Assert.Throws<ArgumentException>(() => writer.Image("x", zeros(8, 8, 3), 0)).Message);
        Assert.Equal(
            "an image must hold bytes or floating-point numbers in [0, 1], but got Int64; convert it by to(ScalarType.Byte).",
            Assert.Throws<ArgumentException>(() => writer.Image("x", zeros(8, 8, ScalarType.Int64), 0)).Message);
        Assert.Single(EventFile.Read(writer.Path));
    }

    [Fact]
    public void Arguments_ThatBreakARule_SayWhich()
    {
        using var writer = new EventWriter(folder.Root, clock);

        Assert.Equal("a tag must be a name, but got an empty text; give one such as 'loss/train'.", Assert.Throws<ArgumentException>(() => writer.Scalar("", 1, 1)).Message);
        Assert.Equal("step must be at least 0, but got -1.", Assert.Throws<ArgumentException>(() => writer.Text("a", "b", -1)).Message);
        Assert.Equal("step must be at least 0, but got -1.", Assert.Throws<ArgumentException>(() => writer.Restart(-1)).Message);
        Assert.Equal(
            "a hyperparameter must be a text, a truth value or a number, but got Int32[] for 'sizes'; give its text.",
            Assert.Throws<ArgumentException>(() => writer.HParams(new Dictionary<string, object> { ["sizes"] = new[] { 1 } })).Message);
        Assert.Equal(
            "the time between flushes must be at least 0, but got -00:00:01.",
            Assert.Throws<ArgumentException>(() => new EventWriter(folder.Root) { FlushEvery = TimeSpan.FromSeconds(-1) }).Message);
    }

    private IReadOnlyList<WireMessage> Write(Action<EventWriter> write)
    {
        using var writer = new EventWriter(folder.Root, clock);
        write(writer);
        writer.Flush();
        return EventFile.Read(writer.Path);
    }

    // Uncompressed, a PNG holds each row as it is, after a byte for the row.
    private void AssertImage(Tensor image, (int Height, int Width, int Channels) size, byte[] interleaved)
    {
        var stored = EventFile.Value(Write(writer => writer.Image("picture", image, 1)), "picture").Message(4);
        Assert.Equal(size, ((int)stored.Integer(1), (int)stored.Integer(2), (int)stored.Integer(3)));
        var png = stored.Bytes(4);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png[..4]);
        byte[] rows = [.. interleaved.Chunk(size.Width * size.Channels).SelectMany(row => row.Prepend((byte)0))];
        Assert.True(png.AsSpan().IndexOf(rows) > 0, Convert.ToHexString(png));
    }

    private sealed class SteppedClock(DateTimeOffset now) : TimeProvider
    {
        private DateTimeOffset now = now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan time) => now += time;

        public override DateTimeOffset GetUtcNow() => now;

        public override long GetTimestamp() => now.Ticks;
    }
}

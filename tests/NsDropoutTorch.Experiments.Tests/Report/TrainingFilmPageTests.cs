using System.Buffers.Binary;
using System.IO.Compression;
using System.Xml.Linq;
using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Report;
using TorchSharp;

namespace NsDropoutTorch.Experiments.Tests.Report;

/// <summary>Films of training: what a map holds, how it is packed, and what the page is made of.</summary>
public sealed class TrainingFilmPageTests
{
    private const int Levels = 6;

    [Fact]
    public void MapOf_Model_AsksItAtTheCentresOfTheGridInEvaluationMode()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var model = FilmSamples.Quadrants())
        {
            model.train();
            torch.manual_seed(3);
            var map = DecisionMap.Of(model, extent: 1, side: 2);

            // Centres (−½, ½), (½, ½) and below them (−½, −½), (½, −½); scores (10x, 10y, 0).
            Assert.Equal([1, 0, 2, 0], map.Classes);
            Assert.Equal(1 / (1 + Math.Exp(-5) + Math.Exp(-10)), map.Probabilities[0], 6);
            Assert.Equal(1 / (2 + Math.Exp(-5)), map.Probabilities[1], 6);
            Assert.All(model.modules(), module => Assert.True(module.training));
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void MapOf_Model_DrawsNoRandomNumber()
    {
        using var model = FilmSamples.Quadrants();
        Assert.Equal(Next(() => { }), Next(() => DecisionMap.Of(model, extent: 1, side: 3)));

        static float Next(Action between)
        {
            torch.manual_seed(8);
            between();
            using var drawn = torch.rand(1);
            return drawn.item<float>();
        }
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(-1, 3)]
    [InlineData(1, 0)]
    public void MapOf_NoSquare_Throws(double extent, int side)
    {
        using var model = FilmSamples.Quadrants();
        Assert.Throws<ArgumentOutOfRangeException>(() => DecisionMap.Of(model, extent, side));
    }

    [Theory]
    [InlineData(0.33f, 0)]
    [InlineData(0.55f, 1)]
    [InlineData(0.65f, 2)]
    [InlineData(0.75f, 3)]
    [InlineData(0.85f, 4)]
    [InlineData(0.95f, 5)]
    [InlineData(1f, 5)]
    public void Level_OfAProbability_RisesWithIt(float probability, int expected) => Assert.Equal(expected, DecisionPicture.Level(probability));

    [Fact]
    public void Map_AsAPicture_HasTheClassAndLevelOfEachPoint()
    {
        var png = Picture(DecisionPicture.Map(2, [2, 0, 1, 1], [0.95f, 0.45f, 0.55f, 1]).ToString());

        Assert.Equal((2, 2, 8, 3), (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)), png[24], png[25]));
        // A row is its filter, none, and its pixels.
        Assert.Equal([0, (2 * Levels) + 5, 0, 0, Levels + 1, Levels + 5], Inflated(Chunk(png, "IDAT")));
        var palette = Chunk(png, "PLTE").Chunk(3).ToArray();
        Assert.All(palette.Chunk(Levels), tints => Assert.Equal(tints.OrderByDescending(tint => tint.Sum(channel => channel)), tints));
        Assert.Equal(palette.Length, palette.Select(tint => string.Join(' ', tint)).Distinct().Count());
    }

    [Fact]
    public void Render_Films_HaveAFrameForEachEpochInEveryGroupAndAskForNothing()
    {
        var text = TrainingFilmPage.Render("<film>", "Words & more.", FilmSamples.Points, [FilmSamples.Film("one", 3), FilmSamples.Film("two", 3)]);
        var page = PageDocument.Parse(text);

        Assert.Equal("<film>", page.All("title").First().Value);
        var groups = page.Descendants().Where(element => (string?)element.Attribute("class") == "frames").ToArray();
        Assert.Equal(11, groups.Length);
        Assert.All(groups, group => Assert.Equal(3, group.Elements().Count()));
        Assert.Equal(["1 of 19", "10 of 19", "19 of 19"], groups[^1].Elements().Select(label => label.Value));
        Assert.Contains("training: 50.00\u00A0% right, loss 0.058test: 75.00\u00A0% right, loss –", page.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("http", text.Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.Ordinal);
        var ids = page.Descendants().Attributes("id").Select(id => id.Value).ToArray();
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public void Render_FilmsOfOtherEpochs_SaysHowManyListsThereAre()
    {
        var error = Assert.Throws<ArgumentException>(() => TrainingFilmPage.Render("", "", FilmSamples.Points, [FilmSamples.Film("one", 3), FilmSamples.Film("two", 4)]));

        Assert.StartsWith("films must have the same two or more epochs, ascending, but got 2 films with 2 lists of epochs; record all of them alike.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_OneFrame_IsNoFilm() =>
        Assert.Throws<ArgumentException>(() => TrainingFilmPage.Render("", "", FilmSamples.Points, [FilmSamples.Film("one", 1)]));

    [Fact]
    public void Render_SixClasses_SaysHowManyHaveAColour()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            TrainingFilmPage.Render("", "", FilmSamples.Points with { ClassNames = ["a", "b", "c", "d", "e", "f"] }, [FilmSamples.Film("one", 2)]));

        Assert.StartsWith("a film must have at most 5 classes, but got 6; leave some out.", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Picture(string image)
    {
        const string Data = "base64,";
        var start = image.IndexOf(Data, StringComparison.Ordinal) + Data.Length;
        return Convert.FromBase64String(image[start..image.IndexOf('"', start)]);
    }

    private static byte[] Chunk(byte[] png, string type)
    {
        const int Signature = 8;
        for (var at = Signature; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            if (System.Text.Encoding.ASCII.GetString(png, at + 4, 4) == type) return png[(at + 8)..(at + 8 + length)];
            at += 12 + length;
        }

        throw new InvalidOperationException($"there is no {type}");
    }

    private static byte[] Inflated(byte[] data)
    {
        using var zlib = new ZLibStream(new MemoryStream(data), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        zlib.CopyTo(bytes);
        return bytes.ToArray();
    }
}

using System.Globalization;
using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Report;

namespace NsDropoutTorch.Examples;

/// <summary>The page on which the networks learn.</summary>
internal static class SpiralPage
{
    private const int Every = 5;

    public static void Write(string path, IReadOnlyList<TrainingFilm> films, TabularDataset spiral, int seed)
    {
        int[] rows = [.. Enumerable.Range(0, spiral.Train.Labels.Length).Where(row => row % Every == 0)];
        var points = new PlanePoints(
            [.. rows.SelectMany(row => spiral.Train.Values.Skip(2 * row).Take(2))], [.. rows.Select(row => spiral.Train.Labels[row])], spiral.ClassNames);
        var introduction = string.Create(CultureInfo.InvariantCulture, $"""
            Three networks of 64 units learn the three-arm spiral, seed {seed}; every fifth of the 3,000 training points is drawn. Maps and test figures are answers without dropout and without labels, and nothing
            is chosen by the 300 test points. Training figures are those of the step, with dropout on: there NSDropout takes the mask of the true label, from which its network can
            read the class. Curves have a value for each epoch that the slider reaches; losses above a chart lie on its upper edge.
            """);
        File.WriteAllText(path, TrainingFilmPage.Render("A spiral, learnt three times", introduction.ReplaceLineEndings(" "), points, films));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The page is {path}, {new FileInfo(path).Length:#,##0} bytes, {films[0].Frames.Count} frames."));
    }
}

using NsDropoutTorch.Experiments.Charts;
using NsDropoutTorch.Experiments.Text;

namespace NsDropoutTorch.Experiments.Report;

/// <summary>
/// How classifiers of points in the plane came to be, as a page that needs nothing else and moves: decision boundary, curves and dropped neurons run over the epochs, with play, pause and
/// a slider. On paper, without scripts and where the reader wants little motion, it shows the last frame.
/// </summary>
public static class TrainingFilmPage
{
    private const double Widest = 360;
    private const double MostGuesses = 1.8;

    /// <summary>The page; a pure function of its arguments.</summary>
    /// <param name="title">What is shown.</param>
    /// <param name="introduction">What the reader must know, a few sentences.</param>
    /// <param name="points">Points to draw into each map.</param>
    /// <param name="films">The films, side by side.</param>
    /// <exception cref="ArgumentException">There is no film, their epochs differ, there are fewer than two, or there are more classes than colours.</exception>
    public static string Render(string title, string introduction, PlanePoints points, IReadOnlyList<TrainingFilm> films)
    {
        var epochs = Epochs(films);
        if (points.ClassNames.Count > DecisionPicture.MostClasses)
            throw new ArgumentException(Invariant($"a film must have at most {DecisionPicture.MostClasses} classes, but got {points.ClassNames.Count}; leave some out."), nameof(points));
        var charts = (Loss: new FilmChart(LinearAxis.UpTo(HighestLoss(points, films)), epochs), Accuracy: new FilmChart(LinearAxis.UpTo(1), epochs));
        var main = Html.Of(
            $"""
            <header>
            <h1>{title}</h1>
            <p class="subtitle">{introduction}</p>
            <p class="classes">{points.ClassNames.Select((name, label) => Html.Of($"<span>{DecisionPicture.Key(label)} {name}</span> "))}</p>
            </header>
            {Player.Of("epoch", Player.Epochs(epochs), Html.Of($"<div class=\"films\">\n{films.Select((film, i) => Film(i, film, points, charts))}</div>"), starts: true)}
            """);
        return HtmlPage.Of(title, main, moves: true);
    }

    private static int[] Epochs(IReadOnlyList<TrainingFilm> films)
    {
        int[][] epochs = [.. films.Select(film => film.Frames.Select(frame => frame.Epoch).ToArray()).DistinctBy(frames => string.Join(' ', frames), StringComparer.Ordinal)];
        return epochs is [{ Length: > 1 } frames] && frames.Zip(frames.Skip(1)).All(pair => pair.First < pair.Second)
            ? frames
            : throw new ArgumentException(Invariant($"films must have the same two or more epochs, ascending, but got {films.Count} films with {epochs.Length} lists of epochs; record all of them alike."), nameof(films));
    }

    // A loss far above that of guessing would flatten all others.
    private static double HighestLoss(PlanePoints points, IReadOnlyList<TrainingFilm> films)
    {
        var losses = films.SelectMany(film => film.Frames).SelectMany(frame => new[] { frame.Train.Loss, frame.Test.Loss }).Where(double.IsFinite);
        return Math.Min(losses.DefaultIfEmpty().Max(), MostGuesses * Math.Log(Math.Max(2, points.ClassNames.Count)));
    }

    private static Html Film(int number, TrainingFilm film, PlanePoints points, (FilmChart Loss, FilmChart Accuracy) charts) => Html.Of(
        $"""
        <section class="film">
        <h2>{film.Name}</h2>
        {Map(number, film, points)}<p class="reading"><span class="frames">{film.Frames.Select(Reading)}</span></p>
        {charts.Loss.Draw(Invariant($"loss-{number}"), "Loss", tick => FigureText.Number(tick, "0.##"), ("training", "train", [.. film.Frames.Select(frame => frame.Train.Loss)]), ("test", "selection", [.. film.Frames.Select(frame => frame.Test.Loss)]))}
        {charts.Accuracy.Draw(Invariant($"accuracy-{number}"), "Accuracy", FigureText.ShortPercent, ("training", "train", [.. film.Frames.Select(frame => 1 - frame.Train.Error)]), ("test", "selection", [.. film.Frames.Select(frame => 1 - frame.Test.Error)]))}
        {Units(number, film)}</section>

        """);

    private static Html Map(int number, TrainingFilm film, PlanePoints points) => new Figure(
        Invariant($"map-{number}"), $"Decision boundary: {film.Name}",
        Invariant($"Each place of the plane in the colour of the class that the network answers, paler where it is less sure; {points.Labels.Count} points in the shapes and colours of their classes."),
        DecisionPicture.Size, DecisionPicture.Size).Of(
            Html.Of(
                $"""
                {Player.Frames(film.Frames.Select(frame => DecisionPicture.Map(frame.Map.Side, frame.Map.Classes, frame.Map.Probabilities)))}
                {DecisionPicture.Points(points.Values, points.Labels, film.Frames[0].Map.Extent)}
                """),
            Html.Empty);

    private static Html Reading(FilmFrame frame) => Html.Of(
        $"<span>training: {FigureText.Percent(1 - frame.Train.Error)} right, loss {Loss(frame.Train)}<br>test: {FigureText.Percent(1 - frame.Test.Error)} right, loss {Loss(frame.Test)}</span>");

    private static string Loss(FilmScore score) => double.IsFinite(score.Loss) ? FigureText.Number(score.Loss, "0.000") : FigureText.Absent;

    private static Html Units(int number, TrainingFilm film)
    {
        var rows = film.Frames[^1].Units;
        var cells = new CellRows(rows.Count, rows.Select(row => row.NumFeatures).DefaultIfEmpty(1).Max());
        var frames = film.Frames.Select(frame => Html.Of(
            $"<g>{cells.Cells("active", [.. frame.Units.Select(row => row.Active)])}{cells.Cells("dropped", [.. frame.Units.Select(row => row.Dropped)])}</g>"));
        var last = string.Join(", ", rows.Select(row => Invariant($"{row.Name} {row.Dropped.Count} of {row.NumFeatures}")));
        return rows.Count == 0 ? Html.Empty : new Figure(Invariant($"units-{number}"), $"Neurons dropped: {film.Name}", $"Dropped in the last frame: {last}.", Widest, cells.Height).Of(
            Html.Of($"{cells.Frame([.. rows.Select(row => row.Name)])}{Player.Frames(frames)}"),
            Html.Of($"<strong>Neurons</strong> {film.Units}"));
    }
}

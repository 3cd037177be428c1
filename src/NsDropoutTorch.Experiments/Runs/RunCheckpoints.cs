using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Checkpoints;

namespace NsDropoutTorch.Experiments.Runs;

/// <summary>
/// Where unfinished runs are kept, a file for each training, so that a run stopped from outside goes on to the same bits. Files are written in full or not at all and
/// nothing is locked: two processes that carry out the same run on a shared disk write states of one and the same training.
/// </summary>
/// <param name="folder">The folder; made when missing.</param>
/// <param name="every">How often a training is saved that nobody stops, above 0. One that is cancelled is saved in any case.</param>
/// <exception cref="ArgumentException">The time is not above 0.</exception>
public sealed class RunCheckpoints(string folder, TimeSpan every)
{
    private readonly TimeSpan every = every > TimeSpan.Zero ? every : throw Require.Broken($"the time between checkpoints must be above 0, but got {every}.");

    /// <summary>The files of a run, of its training and of its noise control.</summary>
    /// <param name="run">The run.</param>
    public IReadOnlyList<string> FilesOf(ComparisonRun run) => [PathOf(run with { IsNoiseControl = false }), PathOf(run with { IsNoiseControl = true })];

    /// <summary>Removes the files of a finished run, and the folder with the last of them.</summary>
    /// <param name="run">The run.</param>
    public void Delete(ComparisonRun run)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var file in FilesOf(run))
        {
            ResultFile.Write(file, () => File.Delete(file));
        }
    }

    /// <summary>The checkpoint that a training goes on from; null where there is none, or a damaged one, and it begins at the beginning.</summary>
    internal string? ResumeFrom(ComparisonRun run)
    {
        try
        {
            var path = PathOf(run);
            if (!File.Exists(path))
            {
                return null;
            }

            _ = Trainer.ReadHistory(path);
            return path;
        }
        catch (CheckpointException)
        {
            return null;
        }
    }

    /// <summary>Saves a training.</summary>
    /// <param name="run">Its run.</param>
    /// <param name="keepsEnd">Whether something follows that training, so that its end is worth keeping.</param>
    /// <param name="cancellationToken">What stops it.</param>
    internal Callback Saving(ComparisonRun run, bool keepsEnd, CancellationToken cancellationToken)
    {
        ResultFile.Write(folder, () => Directory.CreateDirectory(folder));
        return new Saver(PathOf(run), every, keepsEnd, cancellationToken);
    }

    private string PathOf(ComparisonRun run) => Path.Combine(folder, $"{run.FileStem}{(run.IsNoiseControl ? ".noise" : "")}{ModelRecipe.Extension}");

    private sealed class Saver(string path, TimeSpan every, bool keepsEnd, CancellationToken cancellationToken) : Callback
    {
        private long savedAt = TimeProvider.System.GetTimestamp();

        public override void OnSavePoint(FitContext context, SavePoint point)
        {
            var isDue = point is SavePoint.Run ? keepsEnd || cancellationToken.IsCancellationRequested : TimeProvider.System.GetElapsedTime(savedAt) >= every;
            if (isDue)
            {
                ResultFile.Write(path, () => context.Save(path));
                savedAt = TimeProvider.System.GetTimestamp();
            }
        }
    }
}

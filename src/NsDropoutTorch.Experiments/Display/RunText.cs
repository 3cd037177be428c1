using System.Globalization;

namespace NsDropoutTorch.Experiments.Display;

/// <summary>A run in a sentence, with what leaks beside what does not.</summary>
internal static class RunText
{
    public static string Of(RunResult run)
    {
        if (run.Diverged is { } diverged)
        {
            return $"{run.Layer} diverged with {diverged} and has no test error.";
        }

        var leaks = run is not { TestErrorLabelMask: { } labelMask, MaskFollowingRate: { } following } ? ""
            : $"; with masks of the true labels {Words.Percent(labelMask)} (leaks); {Words.Percent(following)} of answers follow the mask of a random label";
        return string.Create(CultureInfo.InvariantCulture, $"{run.Layer}, seed {run.Seed}: test error without labels {Words.Percent(run.TestError)}{leaks}.");
    }
}

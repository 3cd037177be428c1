namespace NsDropoutTorch.Experiments.Tests.Report;

/// <summary>A test that needs Chromium, skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute() =>
        Skip = Chromium.Executable is null ? "no chromium, chromium-browser or google-chrome is on the PATH (Debian: apt-get install chromium)" : null;
}

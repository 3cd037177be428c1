namespace NsDropoutTorch.Cli;

/// <summary>What the process returns.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The command was understood and could not be carried out, or a training of it diverged and has no result.</summary>
    public const int Failure = 1;

    /// <summary>The command was not understood.</summary>
    public const int BadUsage = 2;

    /// <summary>Interrupted: 128 + SIGINT, as shells count.</summary>
    public const int Cancelled = 130;
}

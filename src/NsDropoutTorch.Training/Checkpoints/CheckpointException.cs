namespace NsDropoutTorch.Training;

/// <summary>A checkpoint that is not there, is damaged, or belongs to another run; the message names the file and the repair.</summary>
public sealed class CheckpointException : UserErrorException
{
    /// <summary>Without a message.</summary>
    public CheckpointException()
    {
    }

    /// <summary>With a sentence for the user.</summary>
    public CheckpointException(string message)
        : base(message)
    {
    }

    /// <summary>With a sentence for the user and its cause.</summary>
    public CheckpointException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

namespace NsDropoutTorch.Training.Data;

/// <summary>A data file that is missing, damaged or not of the format expected; the message says the rule, what was found and the repair.</summary>
public sealed class DataFormatException : UserErrorException
{
    /// <summary>An exception without a message.</summary>
    public DataFormatException()
    {
    }

    /// <summary>An exception with a sentence for the user.</summary>
    public DataFormatException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a sentence for the user and the failure beneath it.</summary>
    public DataFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

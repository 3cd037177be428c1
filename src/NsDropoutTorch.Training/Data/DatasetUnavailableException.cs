namespace NsDropoutTorch.Training.Data;

/// <summary>A known data set that lies in none of the folders looked in and could not be downloaded; the message says where it was looked for.</summary>
public sealed class DatasetUnavailableException : UserErrorException
{
    /// <summary>An exception without a message.</summary>
    public DatasetUnavailableException()
    {
    }

    /// <summary>An exception with a sentence for the user.</summary>
    public DatasetUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a sentence for the user and the failure beneath it.</summary>
    public DatasetUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

namespace NsDropoutTorch.Training.Data;

/// <summary>A data set's name that the catalogue does not have and that is no path either; the message names the nearest that it has.</summary>
public sealed class UnknownDatasetException : UserErrorException
{
    /// <summary>An exception without a message.</summary>
    public UnknownDatasetException()
    {
    }

    /// <summary>An exception with a sentence for the user.</summary>
    public UnknownDatasetException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a sentence for the user and the failure beneath it.</summary>
    public UnknownDatasetException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

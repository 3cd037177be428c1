namespace NsDropoutTorch.Data;

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

namespace NsDropoutTorch;

/// <summary>What the user of a program can mend: a file, a folder, data or a choice that breaks a rule. The message says the rule, what was found and the repair; a program shows it without a trace.</summary>
public class UserErrorException : Exception
{
    /// <summary>Without a message.</summary>
    public UserErrorException()
    {
    }

    /// <summary>With a sentence for the user.</summary>
    public UserErrorException(string message)
        : base(message)
    {
    }

    /// <summary>With a sentence for the user and its cause.</summary>
    public UserErrorException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

namespace NsDropoutTorch.Experiments.Runs;

/// <summary>Turns what the file system refuses at a path that the user chose into a sentence.</summary>
internal static class ResultFile
{
    /// <summary>Writes, or removes, a file of the results.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="write">Does it, and nothing else.</param>
    /// <exception cref="UserErrorException">The file system refuses.</exception>
    public static void Write(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"A folder of results must be writable, but '{path}' cannot be written ({e.Message.TrimEnd('.')}); make room, or choose another folder.", e);
        }
    }
}

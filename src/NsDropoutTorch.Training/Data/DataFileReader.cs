namespace NsDropoutTorch.Training.Data;

/// <summary>Opens data files and turns the failures of the file system into sentences.</summary>
internal static class DataFileReader
{
    public static T Read<T>(string path, Func<FileStream, T> read)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan);
            return read(stream);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataFormatException($"A data file must exist, but {path} does not: check the data folder, or fetch the set with `nsdropout data download`.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new DataFormatException($"A data file must be readable, but {path} is not: check its permissions.", e);
        }
        catch (IOException e)
        {
            throw new DataFormatException($"A data file must be readable, but reading {path} failed: {e.Message}", e);
        }
    }
}

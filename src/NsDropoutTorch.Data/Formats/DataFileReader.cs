using System.Security.Cryptography;

namespace NsDropoutTorch.Data.Formats;

/// <summary>Opens data files and turns the failures of the file system and of gzip into sentences.</summary>
internal static class DataFileReader
{
    /// <summary>Name, length and checksum of a file.</summary>
    public static DataFile Identify(string path) => ReadRaw(path, stream =>
        new DataFile(Path.GetFileName(path), stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream))));

    /// <summary>Gzip cannot shrink bytes further than this, so a file's length bounds what a header may promise.</summary>
    private const long GzipMaxRatio = 1032;

    /// <summary>Reads the bytes of <paramref name="path"/> as they lie on disk.</summary>
    public static T ReadRaw<T>(string path, Func<FileStream, T> read)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan);
            return read(stream);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataFormatException($"A data file must exist, but {path} does not: check the path, or fetch a data set with `nsdropout data download`.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new DataFormatException($"A data file must be readable, but {path} is not: check that it is a file and its permissions.", e);
        }
        catch (InvalidDataException e)
        {
            throw new DataFormatException($"A compressed or packed file must be whole, but {path} is damaged or truncated: delete it and fetch it again.", e);
        }
        catch (IOException e)
        {
            throw new DataFormatException($"A data file must be readable, but reading {path} failed: {e.Message}", e);
        }
    }

    /// <summary>Reads the bytes of <paramref name="path"/>, unpacked where its first two bytes are gzip's, whatever its name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Gets the plain bytes and the most that there can be of them.</param>
    /// <param name="checksWhole">Whether a gzip file must end with the trailer of what it holds.</param>
    public static T Read<T>(string path, Func<Stream, long, T> read, bool checksWhole = true) => ReadRaw(path, file =>
    {
        if (!BeginsAsGzip(file))
            return read(file, file.Length);
        using var plain = new GzipContents(file);
        var result = read(plain, file.Length * GzipMaxRatio);
        if (checksWhole)
            plain.CheckEnd();
        return result;
    });

    private static bool BeginsAsGzip(FileStream file)
    {
        Span<byte> head = stackalloc byte[2];
        var isGzip = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head is [0x1f, 0x8b];
        file.Position = 0;
        return isGzip;
    }
}

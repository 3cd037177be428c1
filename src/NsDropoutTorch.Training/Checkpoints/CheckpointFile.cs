using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Checkpoints;

/// <summary>
/// The container of a checkpoint: a zip archive without compression, so that any tool can take the weights out of it. Its comment is the SHA-256 of
/// all bytes before the digits; the comment is the end of the file, so no damage and no cut goes unseen. The same state gives the same bytes.
/// </summary>
internal static class CheckpointFile
{
    private const string Mark = "sha256:";
    private const int DigitCount = 2 * SHA256.HashSizeInBytes;

    private static readonly DateTimeOffset Timeless = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes a checkpoint in full or not at all; see <see cref="AtomicFile.Write"/>.</summary>
    public static void Write(string path, Action<ZipArchive> write, string? keepOldAs = null) =>
        AtomicFile.Write(path, stream => WriteSealed(stream, write), keepOldAs);

    /// <summary>Adds an entry to an archive.</summary>
    public static void AddEntry(ZipArchive archive, string name, Action<BinaryWriter> write)
    {
        var entry = archive.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = Timeless;
        using var writer = new BinaryWriter(entry.Open(), Encoding.UTF8);
        write(writer);
    }

    /// <summary>Opens a checkpoint whose checksum is right; it cannot change while it is open.</summary>
    /// <exception cref="CheckpointException">It is not there, no checkpoint, or damaged.</exception>
    public static ZipArchive Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new CheckpointException($"a checkpoint must exist to be read, but there is none at '{path}'.");
        }

        var stream = OpenStream(path);
        try
        {
            CheckSeal(stream, path);
            return new ZipArchive(stream, ZipArchiveMode.Read);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static FileStream OpenStream(string path)
    {
        try
        {
            return new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"a checkpoint must be readable, but '{path}' is not: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>Why a checkpoint cannot be used, a sentence; null when it can.</summary>
    public static string? FaultOf(string path)
    {
        try
        {
            Open(path).Dispose();
            return null;
        }
        catch (CheckpointException e)
        {
            return e.Message;
        }
    }

    private static void WriteSealed(Stream stream, Action<ZipArchive> write)
    {
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            write(archive);
            archive.Comment = Mark + new string('0', DigitCount);
        }

        stream.SetLength(stream.Length - DigitCount);
        stream.Write(Encoding.ASCII.GetBytes(Digits(stream, stream.Length)));
    }

    private static void CheckSeal(FileStream stream, string path)
    {
        var covered = stream.Length - DigitCount;
        if (Text(stream, covered - Mark.Length, Mark.Length) != Mark)
        {
            stream.Position = 0;
            throw new CheckpointException(PyTorchFile.Is(stream) ? PyTorchFile.Sentence($"'{path}'") : $"a checkpoint must end with its checksum, but '{path}' does not: it was cut short, or is some other kind of file.");
        }

        if (Digits(stream, covered) != Text(stream, covered, DigitCount))
        {
            throw new CheckpointException($"a checkpoint must agree with its checksum, but '{path}' does not: it was damaged after it was written.");
        }

        stream.Position = 0;
    }

    private static string Text(FileStream stream, long start, int count)
    {
        if (start < 0)
        {
            return "";
        }

        stream.Position = start;
        var bytes = new byte[count];
        stream.ReadExactly(bytes);
        return Encoding.Latin1.GetString(bytes);
    }

    /// <summary>The SHA-256 of the first <paramref name="count"/> bytes in hexadecimal; the stream is left behind them.</summary>
    private static string Digits(Stream stream, long count)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        stream.Position = 0;
        while (stream.Position < count)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, count - stream.Position));
            stream.ReadExactly(part);
            hash.AppendData(part);
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>Named tensors in the format of TorchSharp's <c>Module.save</c>: a count, then per entry its name and its tensor.</summary>
internal static class TensorEntry
{
    public static void Write(BinaryWriter writer, Dictionary<string, Tensor> tensors) => nn.Module.save_state_dict(writer, tensors);

    /// <summary>New tensors in host memory; they belong to the caller's dispose scope.</summary>
    public static Dictionary<string, Tensor> Read(Stream stream)
    {
        using var reader = new BinaryReader(stream);
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        for (var remaining = reader.Read7BitEncodedInt64(); remaining > 0; remaining--)
        {
            tensors.Add(reader.ReadString(), TensorExtensionMethods.Load(reader));
        }

        return tensors;
    }

    /// <summary>Those whose names begin with <paramref name="prefix"/>, by the rest of their names.</summary>
    public static Dictionary<string, Tensor> Under(string prefix, IReadOnlyDictionary<string, Tensor> tensors) => tensors
        .Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(entry => entry.Key[prefix.Length..], entry => entry.Value, StringComparer.Ordinal);
}

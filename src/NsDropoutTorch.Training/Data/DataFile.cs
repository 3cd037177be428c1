using System.Security.Cryptography;

namespace NsDropoutTorch.Training.Data;

/// <summary>A file that a data set was really read from, so that a result can name its data.</summary>
/// <param name="Name">The file's name, without its folder.</param>
/// <param name="Bytes">Length as it lies on disk.</param>
/// <param name="Sha256">SHA-256 of those bytes, 64 lower-case hexadecimal digits.</param>
public sealed record DataFile(string Name, long Bytes, string Sha256)
{
    /// <summary>Measures a file; throws <see cref="DataFormatException"/> where it cannot be read.</summary>
    public static DataFile Of(string path) => DataFileReader.ReadRaw(path, stream =>
        new DataFile(Path.GetFileName(path), stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream))));
}

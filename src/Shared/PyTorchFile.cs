using System.IO.Compression;

namespace NsDropoutTorch;

/// <summary>Knows a file of PyTorch's <c>torch.save</c>, which nothing here can read.</summary>
internal static class PyTorchFile
{
    /// <summary>What to say of such a file.</summary>
    /// <param name="name">Its path, or what it is.</param>
    public static string Sentence(string name) =>
        $"a state must be one that TorchSharp's Module.save wrote, but {name} is a PyTorch file (a zip archive with data.pkl, as .pt and .pth files are); "
        + "load it into the model with TorchSharp.PyBridge's load_py, and save that with Module.save or Checkpoint.SaveModel.";

    /// <summary>Whether a stream holds one; it is left where it was.</summary>
    /// <param name="stream">A stream that can be read and sought.</param>
    public static bool Is(Stream stream)
    {
        var start = stream.Position;
        try
        {
            if (stream.ReadByte() != 'P' || stream.ReadByte() != 'K')
                return false;
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            return archive.Entries.Any(entry => entry.Name == "data.pkl");
        }
        catch (InvalidDataException)
        {
            return false;
        }
        finally
        {
            stream.Position = start;
        }
    }
}

using System.Globalization;

namespace NsDropoutTorch.Training.Checkpoints;

/// <summary>
/// A folder that one holder at a time has for itself, among processes and within one. The system takes the lock away from a process that ends, however it ends;
/// a file beside it says who holds it.
/// </summary>
public sealed class FolderLock : IDisposable
{
    private const string LockName = ".nsdropout-lock";
    private const string HolderName = ".nsdropout-lock.holder";

    private readonly string folder;
    private readonly bool isNew;
    private readonly FileStream handle;

    private FolderLock(string folder, bool isNew, FileStream handle) => (this.folder, this.isNew, this.handle) = (folder, isNew, handle);

    /// <summary>Takes a folder, which is made when missing, and removed again where nothing is in it at the end.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="clock">Says since when.</param>
    /// <param name="refusal">From the folder and the name of its holder, for instance <c>process 4711 on lab3 since 2026-03-01T09:30:00Z</c>, to what is thrown where there is one.</param>
    public static FolderLock Take(string folder, TimeProvider clock, Func<string, string, Exception> refusal)
    {
        var isMissing = !Directory.Exists(folder);
        Directory.CreateDirectory(folder);
        var stream = Open(folder, refusal);
        try
        {
            File.WriteAllText(Path.Combine(folder, HolderName), Invariant(
                $"process {Environment.ProcessId} on {Environment.MachineName} since {clock.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'}\n"));
            return new(folder, isMissing, stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Gives the folder to others.</summary>
    public void Dispose()
    {
        File.Delete(Path.Combine(folder, HolderName));
        handle.Dispose();
        if (isNew && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }

    private static FileStream Open(string folder, Func<string, string, Exception> refusal)
    {
        try
        {
            return new(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw refusal(folder, HolderOf(folder));
        }
    }

    private static string HolderOf(string folder)
    {
        try
        {
            var holder = File.ReadAllText(Path.Combine(folder, HolderName)).Trim();
            return holder.StartsWith(Invariant($"process {Environment.ProcessId} on {Environment.MachineName} "), StringComparison.Ordinal) ? $"this {holder}"
                : holder.Length > 0 ? holder : "another process";
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}

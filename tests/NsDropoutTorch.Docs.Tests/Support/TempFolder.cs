namespace NsDropoutTorch.Docs.Tests.Support;

/// <summary>A new folder outside of the repository, deleted in the end.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("nsdropout-tests-").FullName;

    /// <summary>The full path of something in it.</summary>
    /// <param name="name">Its name.</param>
    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

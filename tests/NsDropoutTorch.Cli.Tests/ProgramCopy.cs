using NsDropoutTorch.Cli.Commands;
using NsDropoutTorch.Cli.Hosting;

namespace NsDropoutTorch.Cli.Tests;

/// <summary>The program in a folder of its own, whose native libraries can be taken away or damaged.</summary>
internal sealed class ProgramCopy : IDisposable
{
    private static readonly string Original = Path.GetDirectoryName(typeof(CommandLine).Assembly.Location)!;

    public ProgramCopy()
    {
        foreach (var file in Directory.GetFiles(Original).Where(IsOfTheProgram))
        {
            Copy(file);
        }
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("nsdropout-copy-").FullName;

    public string Library => Path.Combine(Folder, TorchLibrary.FileName);

    public Cli.Outcome Run(params string[] args) => Workers.Program.RunIn(Folder, [], args);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static bool IsOfTheProgram(string path) => Path.GetExtension(path) is ".dll" or ".json" || path.Contains(".so", StringComparison.Ordinal);

    // Half a gigabyte of native libraries is linked.
    private void Copy(string file)
    {
        var copy = Path.Combine(Folder, Path.GetFileName(file));
        if (file.Contains(".so", StringComparison.Ordinal))
        {
            File.CreateSymbolicLink(copy, new FileInfo(file).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? file);
        }
        else
        {
            File.Copy(file, copy);
        }
    }
}

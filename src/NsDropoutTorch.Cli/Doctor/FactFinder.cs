using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Training;
using TorchSharp;

namespace NsDropoutTorch.Cli.Doctor;

/// <summary>Asks the machine and this process. TorchSharp is touched only where its library loads, so that nothing is copied.</summary>
internal static class FactFinder
{
    /// <summary>Version of TorchSharp's package.</summary>
    public static string TorchSharpVersion { get; } =
        typeof(torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    /// <param name="dataFolder">The folder of <c>--data</c>; null: none.</param>
    public static Facts Find(string? dataFolder)
    {
        var failure = TorchLibrary.Failure();
        var isLoaded = failure is null;
        string[] modules = [.. Modules()];
        return new()
        {
            Dotnet = RuntimeInformation.FrameworkDescription,
            TorchSharp = TorchSharpVersion,
            Libtorch = isLoaded ? Version.Parse(torch.__version__).ToString(fieldCount: 3) : null,
            CloneFolder = FindClone(),
            LoadFailure = failure,
            Libraries = [.. modules.Where(IsOfTorch)],
            StandardLibrary = StandardLibraryOf(modules),
            StrayCopies = [.. StrayCopies(Path.GetDirectoryName(typeof(torch).Assembly.Location)!)],
            Cores = Environment.ProcessorCount,
            Threads = isLoaded ? torch.get_num_threads() : null,
            AreThreadsChosen = Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is not null || Environment.GetEnvironmentVariable("MKL_NUM_THREADS") is not null,
            Defaults = NativeDefaults.Apply(),
            CudaDevices = isLoaded ? torch.cuda.is_available() ? torch.cuda.device_count() : 0 : null,
            Data = DataOf(dataFolder),
        };
    }

    /// <summary>The folders in <paramref name="folder"/> into which TorchSharp copies native libraries, with what they hold.</summary>
    public static IEnumerable<StrayCopy> StrayCopies(string folder) => new DirectoryInfo(folder).EnumerateDirectories()
        .Where(child => child.Name == "cpu" || child.Name.StartsWith("cuda-", StringComparison.Ordinal))
        .OrderBy(child => child.Name, StringComparer.Ordinal)
        .Select(child => (Folder: child.FullName, Files: child.GetFiles()))
        .Where(child => child.Files.Any(file => file.Name.Contains("torch", StringComparison.OrdinalIgnoreCase)))
        .Select(child => new StrayCopy(child.Folder, child.Files.Sum(file => file.Length)));

    // The system names files of this process by the paths that links lead to.
    private static IEnumerable<string> Modules()
    {
        using var process = Process.GetCurrentProcess();
        foreach (ProcessModule module in process.Modules)
        {
            using (module)
            {
                yield return File.Exists(module.FileName) ? new FileInfo(module.FileName).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? module.FileName : module.FileName;
            }
        }
    }

    private static bool IsOfTorch(string path) =>
        Path.GetFileNameWithoutExtension(path) is "libLibTorchSharp" or "LibTorchSharp" or "libtorch_cpu" or "torch_cpu" or "libtorch_cuda" or "torch_cuda";

    private static StandardLibrary? StandardLibraryOf(IEnumerable<string> modules) =>
        modules.FirstOrDefault(path => Path.GetFileName(path).StartsWith("libstdc++.so", StringComparison.Ordinal)) is { } path
        && Glibcxx.NewestIn(File.ReadAllBytes(path)) is { } newest
        && TorchLibrary.FindFile() is { } library
        && Glibcxx.NewestIn(File.ReadAllBytes(library)) is { } wanted
            ? new(path, newest, wanted)
            : null;

    private static DataFacts DataOf(string? dataFolder) => new(
        [.. DatasetCatalog.Over(dataFolder).List().Where(location => location.Folder is not null).Select(location => KeyValuePair.Create(location.Name, location.Folder!))],
        [.. new[] { dataFolder, Environment.GetEnvironmentVariable(DatasetCatalog.FolderVariable) }.Where(folder => !string.IsNullOrEmpty(folder) && !Directory.Exists(folder)).OfType<string>()]);

    private static string? FindClone()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !(File.Exists(Path.Combine(folder.FullName, "scripts", "setup.sh")) && Directory.Exists(Path.Combine(folder.FullName, "src", "NsDropoutTorch"))))
        {
            folder = folder.Parent;
        }

        return folder?.FullName;
    }
}

/// <summary>The versions <c>GLIBCXX_3.4.…</c> that a library for Linux has or asks for, as they stand in its file.</summary>
internal static partial class Glibcxx
{
    /// <summary>The newest that stands in <paramref name="library"/>; null where there is none.</summary>
    public static Version? NewestIn(byte[] library) =>
        Name().Matches(Encoding.Latin1.GetString(library)).Select(match => Version.Parse(match.Groups["version"].Value)).Max();

    [GeneratedRegex(@"GLIBCXX_(?<version>[0-9]+(\.[0-9]+){1,3})", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Name();
}

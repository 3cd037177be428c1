using System.Runtime.InteropServices;
using NsDropoutTorch.Training;
using TorchSharp;

namespace NsDropoutTorch.Cli.Hosting;

/// <summary>
/// TorchSharp's native library. It is loaded here before TorchSharp is touched: where it does not load, TorchSharp copies every native file of the package cache beside the
/// program, half a gigabyte, and tries those.
/// </summary>
internal static class TorchLibrary
{
    private const string Name = "LibTorchSharp";

    private static readonly Lazy<string?> FailureOfLoading = new(Load);

    /// <summary>What its file is called on this system.</summary>
    public static string FileName { get; } =
        OperatingSystem.IsWindows() ? $"{Name}.dll" : OperatingSystem.IsMacOS() ? $"lib{Name}.dylib" : $"lib{Name}.so";

    /// <summary>Loads it, with native defaults in place.</summary>
    /// <returns>Null, or in the words of the system's loader why it does not load.</returns>
    public static string? Failure() => FailureOfLoading.Value;

    /// <summary>Its file where the runtime looks for it; null where there is none.</summary>
    public static string? FindFile() => Folders().Select(folder => Path.Combine(folder, FileName)).FirstOrDefault(File.Exists);

    private static string? Load()
    {
        NativeDefaults.Apply();
        // By the names that TorchSharp asks for; those for CUDA are there or not.
        var assembly = typeof(torch).Assembly;
        NativeLibrary.TryLoad("torch_cuda", assembly, searchPath: null, out _);
        NativeLibrary.TryLoad("torch_cpu", assembly, searchPath: null, out _);
        return NativeLibrary.TryLoad(Name, assembly, searchPath: null, out _) ? FailureOf(() => torch.get_num_threads())
            : FindFile() is { } path ? FailureOf(() => NativeLibrary.Load(path)) ?? $"{path} loads by its path alone"
            : $"{FileName} is not in {string.Join(" or ", Folders())}";
    }

    // A library that is asked for by its path is looked for nowhere else, and the last line is the loader's own. One that loads may still be that of another TorchSharp.
    private static string? FailureOf(Action use)
    {
        try
        {
            use();
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException or TypeInitializationException)
        {
            return Cause(e).Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)[^1].TrimEnd('.');
        }
    }

    private static Exception Cause(Exception e) => e is TypeInitializationException { InnerException: { } inner } ? Cause(inner) : e;

    private static IEnumerable<string> Folders() => ((string?)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Append(AppContext.BaseDirectory)
        .Where(folder => folder != RuntimeEnvironment.GetRuntimeDirectory())
        .Select(folder => Path.TrimEndingDirectorySeparator(folder))
        .Distinct(StringComparer.Ordinal);
}

/// <summary>Wakes libtorch up, and says in one sentence when it is not there.</summary>
internal static class TorchStart
{
    /// <summary>Sets the number of threads and finds the device.</summary>
    /// <exception cref="FailureException">The native library cannot be loaded, or the device is not there.</exception>
    public static torch.Device Start(string device, int threads)
    {
        if (TorchLibrary.Failure() is { } failure)
        {
            throw new FailureException(
                $"libtorch must be loaded before training can start, but it could not be: {failure}; nsdropout doctor says what to type, which in a clone is scripts/setup.sh "
                + "(see docs/troubleshooting.md).");
        }

        torch.set_num_threads(threads);
        try
        {
            return UsageException.Checked(() => DeviceChoice.Resolve(device));
        }
        catch (NotSupportedException e)
        {
            throw new FailureException(e.Message, e);
        }
    }
}

using NsDropoutTorch.Training;

namespace NsDropoutTorch.Cli.Doctor;

/// <summary>What <c>nsdropout doctor</c> found out about this machine and process.</summary>
internal sealed record Facts
{
    /// <summary>Name and version of the runtime.</summary>
    public required string Dotnet { get; init; }

    /// <summary>Version of the assembly.</summary>
    public required string TorchSharp { get; init; }

    /// <summary>Version of libtorch that TorchSharp is made for; null while its library does not load.</summary>
    public required string? Libtorch { get; init; }

    /// <summary>The clone of the project that the program lies in; null where it lies in none.</summary>
    public required string? CloneFolder { get; init; }

    /// <summary>Why TorchSharp's library does not load; null: it does.</summary>
    public required string? LoadFailure { get; init; }

    /// <summary>The files that TorchSharp's library and libtorch are loaded from, links followed.</summary>
    public required IReadOnlyList<string> Libraries { get; init; }

    /// <summary>The C++ library of this process; null where TorchSharp needs none of its versions.</summary>
    public required StandardLibrary? StandardLibrary { get; init; }

    /// <summary>Folders beside the program that TorchSharp copied native libraries into.</summary>
    public required IReadOnlyList<StrayCopy> StrayCopies { get; init; }

    /// <summary>Cores that this process may use.</summary>
    public required int Cores { get; init; }

    /// <summary>Threads that libtorch computes with unless told otherwise; null while its library does not load.</summary>
    public required int? Threads { get; init; }

    /// <summary>Whether the environment chose their number.</summary>
    public required bool AreThreadsChosen { get; init; }

    /// <summary>What became of the defaults of native libraries.</summary>
    public required AppliedDefaults Defaults { get; init; }

    /// <summary>CUDA devices that libtorch sees; null while its library does not load.</summary>
    public required int? CudaDevices { get; init; }

    /// <summary>The data sets of this machine.</summary>
    public required DataFacts Data { get; init; }
}

/// <summary>A <c>libstdc++</c> and what TorchSharp's library asks of it.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Newest">The newest of its versions <c>GLIBCXX_…</c>.</param>
/// <param name="Wanted">The newest that TorchSharp's library asks for.</param>
internal sealed record StandardLibrary(string Path, Version Newest, Version Wanted);

/// <summary>A folder that TorchSharp filled after a load that failed.</summary>
/// <param name="Folder">Where it is.</param>
/// <param name="Bytes">What it takes on the disk.</param>
internal sealed record StrayCopy(string Folder, long Bytes);

/// <summary>Data sets, and folders that should hold some.</summary>
/// <param name="Sets">Those that are in a folder: name and folder.</param>
/// <param name="Missing">Folders that were named and are not there.</param>
internal sealed record DataFacts(IReadOnlyList<KeyValuePair<string, string>> Sets, IReadOnlyList<string> Missing);

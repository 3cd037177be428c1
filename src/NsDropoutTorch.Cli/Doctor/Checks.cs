using System.Text.RegularExpressions;
using NsDropoutTorch.Training;

namespace NsDropoutTorch.Cli.Doctor;

/// <summary>What the facts mean: for each check its line.</summary>
internal static partial class Checks
{
    public static IReadOnlyList<Check> Of(Facts facts) =>
    [
        Versions(facts), Library(facts), Cpp(facts), Copies(facts), Threads(facts), Defaults(facts.Defaults), Cuda(facts.CudaDevices), Data(facts.Data),
    ];

    private static Check Versions(Facts facts)
    {
        const string name = "versions";
        var other = facts.Libraries.Select(path => PackageVersion().Match(path)).FirstOrDefault(match => match.Success && match.Groups["version"].Value != facts.Libtorch);
        return other is null
            ? Check.Good(name, $"{facts.Dotnet}, TorchSharp {facts.TorchSharp}, {(facts.Libtorch is { } version ? $"libtorch {version}" : "libtorch not loaded")}")
            : Check.Bad(
                name,
                $"TorchSharp {facts.TorchSharp} must load libtorch {facts.Libtorch}, but it loads {other.Groups["version"].Value}; delete the folders bin and obj of the program and build it again: "
                + "dotnet build -c Release.");
    }

    private static Check Library(Facts facts)
    {
        const string name = "library";
        return facts.LoadFailure is { } failure
            ? Check.Bad(name, $"TorchSharp's library must load, but it does not: {failure}; {Repair(facts)}.")
            : Check.Good(name, string.Join(" and ", facts.Libraries));
    }

    private static Check Cpp(Facts facts)
    {
        const string name = "libstdc++";
        return facts.StandardLibrary switch
        {
            null => Check.Good(name, "no version of it is asked for"),
            { } found when found.Newest >= found.Wanted => Check.Good(name, $"{found.Path} has GLIBCXX_{found.Newest}, and GLIBCXX_{found.Wanted} is asked for"),
            { } found when facts.LoadFailure is null =>
                Check.Good(name, $"{found.Path} has GLIBCXX_{found.Newest}; TorchSharp's library asks for GLIBCXX_{found.Wanted}, and loads without it"),
            { } found => Check.Bad(name, $"libstdc++ must have GLIBCXX_{found.Wanted}, but the newest of {found.Path} is GLIBCXX_{found.Newest}; {Repair(facts)}."),
        };
    }

    private static string Repair(Facts facts) =>
        facts.SetupScript is { } script ? $"type {script}, which makes a library that loads here, and build again"
        : facts.StandardLibrary is { } found && found.Newest < found.Wanted ? "use Debian 13, Ubuntu 24.04 or later, or type scripts/setup.sh in a clone of the project, which makes a library that loads here"
        : "install the command again: dotnet tool update -g nsdropout";

    private static Check Copies(Facts facts)
    {
        const string name = "copies";
        return facts.StrayCopies is { Count: > 0 } copies
            ? Check.Bad(
                name,
                $"no copies of native libraries may lie beside the program, but TorchSharp put {copies.Sum(copy => copy.Bytes) / 1e6:F0} MB there when its library did not load; "
                + $"type rm -r {string.Join(' ', copies.Select(copy => Quoted(copy.Folder)))}.")
            : Check.Good(name, "none beside the program");
    }

    private static Check Threads(Facts facts)
    {
        const string name = "threads";
        var (threads, cores) = (facts.Threads, facts.Cores);
        return threads > cores
                ? Check.Bad(name, $"libtorch must compute with no more threads than the {Count(cores, "core")} of this process, but has {threads}; type export OMP_NUM_THREADS={cores}, or give --threads {cores}.")
            // One thread for two logical cores is libtorch's choice where a core is two.
            : threads * 2 < cores && !facts.AreThreadsChosen
                ? Check.Bad(name, $"libtorch must compute with at least half as many threads as the {Count(cores, "core")} of this process, but has {threads}; type export OMP_NUM_THREADS={cores}, or give --threads {cores}.")
            : Check.Good(name, threads is null ? $"{Count(cores, "core")}; libtorch is not loaded" : $"{Count(threads.Value, "thread")} for {Count(cores, "core")}");
    }

    private static Check Defaults(AppliedDefaults defaults)
    {
        const string name = "native defaults";
        return defaults.WaitPolicy == NativeDefault.TooLate
            ? Check.Bad(name, "OpenMP must be told to wait passively before it is loaded, but something had loaded it; type export OMP_WAIT_POLICY=PASSIVE.")
            : Check.Good(
                name, $"OMP_WAIT_POLICY {Words(defaults.WaitPolicy)}, MALLOC_TRIM_THRESHOLD_ {Words(defaults.TrimThreshold)}, MALLOC_MMAP_THRESHOLD_ {Words(defaults.MmapThreshold)}");
    }

    private static string Words(NativeDefault outcome) => outcome switch
    {
        NativeDefault.Set => "set",
        NativeDefault.Environment => "as the environment says",
        NativeDefault.SwitchedOff => "left by a switch",
        _ => "left to the system",
    };

    private static Check Cuda(int? devices) => Check.Good("cuda", devices switch
    {
        null => "not asked, libtorch is not loaded",
        0 => "no device; libtorch computes on the processor",
        { } count => Count(count, "device"),
    });

    private static Check Data(DataFacts data)
    {
        const string name = "data";
        return data.Missing is { Count: > 0 } missing
                ? Check.Bad(name, $"a data folder that is named must be there, but {string.Join(" and ", missing)} {(missing.Count == 1 ? "is" : "are")} not; type mkdir -p {string.Join(' ', missing.Select(Quoted))}, or name another.")
            : data.Sets.Count == 0
                ? Check.Bad(name, "a data set with files must be on this machine for figures that mean something, but none is; type nsdropout data download mnist.")
            : Check.Good(name, string.Join(", ", data.Sets.Select(set => $"{set.Key} in {set.Value}")));
    }

    private static string Count(int count, string thing) => $"{count} {thing}{(count == 1 ? "" : "s")}";

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;

    [GeneratedRegex(@"[\\/]libtorch-[^\\/]+[\\/](?<version>\d+\.\d+\.\d+)[^\\/]*[\\/]runtimes[\\/]", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PackageVersion();
}

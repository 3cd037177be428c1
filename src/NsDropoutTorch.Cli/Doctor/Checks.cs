using System.Text.RegularExpressions;
using NsDropoutTorch.Training;

namespace NsDropoutTorch.Cli.Doctor;

/// <summary>What the facts mean: for each check its line.</summary>
internal static partial class Checks
{
    public static IReadOnlyList<DoctorCheck> Of(Facts facts) =>
    [
        Versions(facts), Library(facts), Cpp(facts), Copies(facts), Threads(facts), Defaults(facts.Defaults), Cuda(facts.CudaDevices), Data(facts.Data),
    ];

    private static DoctorCheck Versions(Facts facts)
    {
        const string name = "versions";
        var other = facts.Libraries.Select(path => PackageVersion().Match(path)).FirstOrDefault(match => match.Success && match.Groups["version"].Value != facts.Libtorch);
        return other is null || facts.Libtorch is null
            ? DoctorCheck.Good(name, $"{facts.Dotnet}, TorchSharp {facts.TorchSharp}, {(facts.Libtorch is { } version ? $"libtorch {version}" : "libtorch not loaded")}")
            : DoctorCheck.Bad(
                name,
                $"TorchSharp {facts.TorchSharp} must load libtorch {facts.Libtorch}, but it loads {other.Groups["version"].Value}; "
                + "delete the program's folders bin and obj and type dotnet build -c Release.");
    }

    private static DoctorCheck Library(Facts facts)
    {
        const string name = "library";
        return facts.LoadFailure is { } failure
            ? DoctorCheck.Bad(name, $"TorchSharp's library must load, but it does not: {failure}; {Repair(facts)}.")
            : DoctorCheck.Good(name, string.Join(" and ", facts.Libraries));
    }

    private static DoctorCheck Cpp(Facts facts)
    {
        const string name = "libstdc++";
        return facts.StandardLibrary switch
        {
            null => DoctorCheck.Good(name, "no version of it is asked for"),
            { } found when found.Newest >= found.Wanted => DoctorCheck.Good(name, $"{found.Path} has GLIBCXX_{found.Newest}, and GLIBCXX_{found.Wanted} is asked for"),
            { } found when !IsTooOld(facts) => DoctorCheck.Good(name, $"{found.Path} has GLIBCXX_{found.Newest}; GLIBCXX_{found.Wanted} is asked for, and not needed"),
            { } found => DoctorCheck.Bad(name, $"libstdc++ must have GLIBCXX_{found.Wanted}, but the newest of {found.Path} is GLIBCXX_{found.Newest}; {Repair(facts)}."),
        };
    }

    // Only the loader knows whether a library can do without a version that it asks for.
    private static bool IsTooOld(Facts facts) => facts.LoadFailure?.Contains("GLIBCXX_", StringComparison.Ordinal) == true;

    private static string Repair(Facts facts) => (facts.CloneFolder, IsTooOld(facts)) switch
    {
        ({ } clone, true) => $"type cd {Quoted(clone)} && scripts/setup.sh && dotnet build -c Release, which makes a library that loads here",
        ({ } clone, false) => $"type cd {Quoted(clone)} && dotnet build -c Release",
        (null, true) => "use Debian 13, Ubuntu 24.04 or later, or type scripts/setup.sh in a clone of the project, which makes a library that loads here",
        (null, false) => "install the command again: dotnet tool uninstall -g nsdropout && dotnet tool install -g nsdropout",
    };

    private static DoctorCheck Copies(Facts facts)
    {
        const string name = "copies";
        return facts.StrayCopies is { Count: > 0 } copies
            ? DoctorCheck.Bad(
                name,
                Invariant($"no copies of native libraries may lie beside the program, but TorchSharp put {copies.Sum(copy => copy.Bytes) / 1e6:F0} MB there when its library did not load; ")
                + $"type rm -r {string.Join(' ', copies.Select(copy => Quoted(copy.Folder)))}.")
            : DoctorCheck.Good(name, "none beside the program");
    }

    // A core that computes two threads at a time counts as two; libtorch then takes one thread for both.
    private static DoctorCheck Threads(Facts facts)
    {
        const string name = "threads";
        var cores = Count(facts.Cores, "core");
        return facts.Threads switch
        {
            null => DoctorCheck.Good(name, $"{cores}; libtorch is not loaded"),
            { } threads when threads > facts.Cores => DoctorCheck.Bad(
                name, Invariant($"libtorch must compute with no more threads than this process has cores, but has {Count(threads, "thread")} for {cores}; type export OMP_NUM_THREADS={facts.Cores}.")),
            { } threads when threads * 2 < facts.Cores && !facts.AreThreadsChosen => DoctorCheck.Bad(
                name, Invariant($"libtorch must compute with at least half as many threads as this process has cores, but has {Count(threads, "thread")} for {cores}; type export OMP_NUM_THREADS={facts.Cores}.")),
            { } threads => DoctorCheck.Good(name, $"{Count(threads, "thread")} for {cores}"),
        };
    }

    private static DoctorCheck Defaults(AppliedDefaults defaults)
    {
        const string name = "native defaults";
        return defaults.WaitPolicy == NativeDefault.TooLate
            ? DoctorCheck.Bad(name, "OpenMP must be told to wait passively before it is loaded, but something had loaded it; type export OMP_WAIT_POLICY=PASSIVE and start again.")
            : DoctorCheck.Good(
                name, $"OMP_WAIT_POLICY {Words(defaults.WaitPolicy)}, MALLOC_TRIM_THRESHOLD_ {Words(defaults.TrimThreshold)}, MALLOC_MMAP_THRESHOLD_ {Words(defaults.MmapThreshold)}");
    }

    private static string Words(NativeDefault outcome) => outcome switch
    {
        NativeDefault.Set => "set",
        NativeDefault.Environment => "as the environment says",
        NativeDefault.SwitchedOff => "left by a switch",
        _ => "left to the system",
    };

    private static DoctorCheck Cuda(int? devices) => DoctorCheck.Good("cuda", devices switch
    {
        null => "not asked, libtorch is not loaded",
        0 => "no device; libtorch computes on the processor",
        { } count => string.Join(", ", Enumerable.Range(0, count).Select(index => Invariant($"cuda:{index}"))),
    });

    private static DoctorCheck Data(DataFacts data)
    {
        const string name = "data";
        return data.Missing is { Count: > 0 } missing
                ? DoctorCheck.Bad(
                    name,
                    $"a data folder that is named must be there, but {string.Join(" and ", missing)} {(missing.Count == 1 ? "is" : "are")} not; "
                    + "type export NSDROPOUT_DATA=DIR with a folder that is, or leave it out.")
            : data.Sets.Count == 0
                ? DoctorCheck.Bad(name, "at least one data set with files must be on this machine, but none is; type nsdropout data download mnist.")
            : DoctorCheck.Good(name, string.Join(", ", data.Sets.Select(set => $"{set.Key} in {set.Value}")));
    }

    private static string Count(int count, string thing) => Invariant($"{count} {thing}{(count == 1 ? "" : "s")}");

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;

    [GeneratedRegex(@"[\\/]libtorch-[^\\/]+[\\/](?<version>\d+\.\d+\.\d+)[^\\/]*[\\/]runtimes[\\/]", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PackageVersion();
}

/// <summary>One line of <c>nsdropout doctor</c>.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Ok">Whether it is as it should be.</param>
/// <param name="Text">What was found; where that is not as it should be, a sentence with the rule, what was found and what to type.</param>
internal sealed record DoctorCheck(string Name, bool Ok, string Text)
{
    public static DoctorCheck Good(string name, string found) => new(name, true, found);

    public static DoctorCheck Bad(string name, string repair) => new(name, false, repair);
}

using NsDropoutTorch.Cli.Doctor;
using NsDropoutTorch.Training;

namespace NsDropoutTorch.Cli.Tests.Doctor;

public sealed class ChecksTests
{
    private const string TooOld = "/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/libLibTorchSharp.so)";

    private static readonly StandardLibrary Old = new("/lib/libstdc++.so.6.0.30", new(3, 4, 30), new(3, 4, 32));

    private static readonly Facts Healthy = new()
    {
        Dotnet = ".NET 10.0.1",
        TorchSharp = "0.107.0",
        Libtorch = "2.10.0",
        CloneFolder = "/home/ann/nsdropout",
        LoadFailure = null,
        Libraries = ["/packages/libtorch-cpu-linux-x64/2.10.0/runtimes/linux-x64/native/libtorch_cpu.so", "/app/libLibTorchSharp.so"],
        StandardLibrary = new("/lib/libstdc++.so.6.0.33", new(3, 4, 33), new(3, 4, 32)),
        StrayCopies = [],
        Cores = 8,
        Threads = 4,
        AreThreadsChosen = false,
        Defaults = new(NativeDefault.Set, NativeDefault.Set, NativeDefault.Environment),
        CudaDevices = 0,
        Data = new([new("mnist", "/data/mnist"), new("iris", "/data/iris")], []),
    };

    private static readonly Facts Unloaded = Healthy with { Libtorch = null, LoadFailure = "libc10.so: no such file", Threads = null, CudaDevices = null };

    [Fact]
    public void Of_HealthyMachine_IsOkInEveryLine()
    {
        DoctorCheck[] expected =
        [
            new("versions", true, ".NET 10.0.1, TorchSharp 0.107.0, libtorch 2.10.0"),
            new("library", true, "/packages/libtorch-cpu-linux-x64/2.10.0/runtimes/linux-x64/native/libtorch_cpu.so and /app/libLibTorchSharp.so"),
            new("libstdc++", true, "/lib/libstdc++.so.6.0.33 has GLIBCXX_3.4.33, and GLIBCXX_3.4.32 is asked for"),
            new("copies", true, "none beside the program"),
            new("threads", true, "4 threads for 8 cores"),
            new("native defaults", true, "OMP_WAIT_POLICY set, MALLOC_TRIM_THRESHOLD_ set, MALLOC_MMAP_THRESHOLD_ as the environment says"),
            new("cuda", true, "no device; libtorch computes on the processor"),
            new("data", true, "mnist in /data/mnist, iris in /data/iris"),
        ];

        Assert.Equal(expected, Checks.Of(Healthy));
    }

    [Fact]
    public void Of_LibraryThatDoesNotLoad_IsTheOnlyFault()
    {
        var checks = Checks.Of(Unloaded);

        Assert.Equal(["library"], checks.Where(check => !check.Ok).Select(check => check.Name));
        Assert.Equal(".NET 10.0.1, TorchSharp 0.107.0, libtorch not loaded", TextOf("versions", Unloaded));
        Assert.Equal("8 cores; libtorch is not loaded", TextOf("threads", Unloaded));
        Assert.Equal("not asked, libtorch is not loaded", TextOf("cuda", Unloaded));
    }

    [Fact]
    public void Versions_LibtorchOfAnotherVersion_SaysToBuildAgain() => AssertBad(
        "versions",
        Healthy with { Libraries = [@"C:\packages\libtorch-cuda-12.1-win-x64\2.5.1\runtimes\win-x64\native\torch_cpu.dll"] },
        "TorchSharp 0.107.0 must load libtorch 2.10.0, but it loads 2.5.1; delete the program's folders bin and obj and type dotnet build -c Release.");

    [Theory]
    [InlineData("/home/ann/nsdropout", "type cd /home/ann/nsdropout && dotnet build -c Release.")]
    [InlineData("/home/ann/my clone", "type cd \"/home/ann/my clone\" && dotnet build -c Release.")]
    [InlineData(null, "install the command again: dotnet tool uninstall -g nsdropout && dotnet tool install -g nsdropout.")]
    public void Library_DoesNotLoad_HasTheLoadersReasonAndTheRepair(string? clone, string repair) => AssertBad(
        "library", Unloaded with { CloneFolder = clone }, $"TorchSharp's library must load, but it does not: libc10.so: no such file; {repair}");

    [Theory]
    [InlineData("/home/ann/nsdropout", "type cd /home/ann/nsdropout && scripts/setup.sh && dotnet build -c Release, which makes a library that loads here.")]
    [InlineData(null, "use Debian 13, Ubuntu 24.04 or later, or type scripts/setup.sh in a clone of the project, which makes a library that loads here.")]
    public void Cpp_TooOld_IsTheReasonInBothLines(string? clone, string repair)
    {
        var facts = Unloaded with { CloneFolder = clone, LoadFailure = TooOld, StandardLibrary = Old };

        AssertBad("library", facts, $"TorchSharp's library must load, but it does not: {TooOld}; {repair}");
        AssertBad("libstdc++", facts, $"libstdc++ must have GLIBCXX_3.4.32, but the newest of /lib/libstdc++.so.6.0.30 is GLIBCXX_3.4.30; {repair}");
    }

    [Fact]
    public void Cpp_OldAndLibraryLoads_IsOk() => AssertOk(
        "libstdc++", Healthy with { StandardLibrary = Old }, "/lib/libstdc++.so.6.0.30 has GLIBCXX_3.4.30; GLIBCXX_3.4.32 is asked for, and not needed");

    [Fact]
    public void Cpp_OldAndLoadFailsForAnotherReason_IsNotBlamed() => Assert.True(CheckOf("libstdc++", Unloaded with { StandardLibrary = Old }).Ok);

    [Fact]
    public void Cpp_NotOfThisSystem_IsOk() => AssertOk("libstdc++", Healthy with { StandardLibrary = null }, "no version of it is asked for");

    [Fact]
    public void Copies_BesideTheProgram_SaysHowMuchAndHowToDelete() => AssertBad(
        "copies",
        Healthy with { StrayCopies = [new("/app/cpu", 480_000_000), new("/my app/cuda-12.8", 2_600_000)] },
        "no copies of native libraries may lie beside the program, but TorchSharp put 483 MB there when its library did not load; type rm -r /app/cpu \"/my app/cuda-12.8\".");

    [Theory]
    [InlineData(9, false, "no more threads than this process has cores, but has 9 threads for 8 cores")]
    [InlineData(9, true, "no more threads than this process has cores, but has 9 threads for 8 cores")]
    [InlineData(3, false, "at least half as many threads as this process has cores, but has 3 threads for 8 cores")]
    [InlineData(1, false, "at least half as many threads as this process has cores, but has 1 thread for 8 cores")]
    public void Threads_TooManyOrFew_SaysHowToSetThem(int threads, bool chosen, string fault) => AssertBad(
        "threads", Healthy with { Threads = threads, AreThreadsChosen = chosen }, $"libtorch must compute with {fault}; type export OMP_NUM_THREADS=8.");

    [Theory]
    [InlineData(8, 8, false, "8 threads for 8 cores")]
    [InlineData(1, 8, true, "1 thread for 8 cores")]
    [InlineData(1, 1, false, "1 thread for 1 core")]
    public void Threads_FitTheCoresOrWereChosen_IsOk(int threads, int cores, bool chosen, string text) =>
        AssertOk("threads", Healthy with { Threads = threads, Cores = cores, AreThreadsChosen = chosen }, text);

    [Fact]
    public void Defaults_OpenMPLoadedBefore_SaysWhatToSet() => AssertBad(
        "native defaults",
        Healthy with { Defaults = Healthy.Defaults with { WaitPolicy = NativeDefault.TooLate } },
        "OpenMP must be told to wait passively before it is loaded, but something had loaded it; type export OMP_WAIT_POLICY=PASSIVE and start again.");

    [Theory]
    [InlineData(NativeDefault.NotHere, "left to the system")]
    [InlineData(NativeDefault.SwitchedOff, "left by a switch")]
    public void Defaults_NotSet_IsOk(NativeDefault each, string words) => AssertOk(
        "native defaults", Healthy with { Defaults = new(each, each, each) }, $"OMP_WAIT_POLICY {words}, MALLOC_TRIM_THRESHOLD_ {words}, MALLOC_MMAP_THRESHOLD_ {words}");

    [Fact]
    public void Cuda_Devices_AreNamed() => AssertOk("cuda", Healthy with { CudaDevices = 2 }, "cuda:0, cuda:1");

    [Fact]
    public void Data_NoneWithFiles_SaysHowToFetchOne() => AssertBad(
        "data", Healthy with { Data = new([], []) }, "at least one data set with files must be on this machine, but none is; type nsdropout data download mnist.");

    [Fact]
    public void Data_FolderThatIsNotThere_IsNamed() => AssertBad(
        "data",
        Healthy with { Data = Healthy.Data with { Missing = ["/nowhere"] } },
        "a data folder that is named must be there, but /nowhere is not; type export NSDROPOUT_DATA=DIR with a folder that is, or leave it out.");

    private static void AssertOk(string name, Facts facts, string text) => Assert.Equal(new(name, true, text), CheckOf(name, facts));

    private static void AssertBad(string name, Facts facts, string text) => Assert.Equal(new(name, false, text), CheckOf(name, facts));

    private static string TextOf(string name, Facts facts) => CheckOf(name, facts).Text;

    private static DoctorCheck CheckOf(string name, Facts facts) => Checks.Of(facts).Single(check => check.Name == name);
}

using System.Diagnostics;
using NsDropoutTorch.Cli.Doctor;
using NsDropoutTorch.Cli.Hosting;

namespace NsDropoutTorch.Cli.Tests;

/// <summary>Commands whose native library does not load say why in one sentence, and do not let TorchSharp copy half a gigabyte beside them.</summary>
public sealed class TorchLibraryTests : IDisposable
{
    private readonly Sandbox sandbox = new();
    private readonly ProgramCopy program = new();

    [LinuxFact]
    public void Run_LibraryIsNotThere_SaysSoAndCopiesNothing()
    {
        File.Delete(program.Library);

        AssertOneSentence(program.Run("compare", "--epochs", "1", "--quiet"), $"{TorchLibrary.FileName} is not in {program.Folder}");
    }

    [LinuxFact]
    public void Run_LibraryIsDamaged_HasTheLoadersReasonAndCopiesNothing()
    {
        Replace(program.Library, "no library");

        AssertOneSentence(program.Run("compare", "--epochs", "1", "--quiet"), $"{program.Library}: file too short");
    }

    [LinuxFact]
    public void Run_LibraryLacksAnother_HasTheLoadersReasonAndCopiesNothing()
    {
        File.Delete(Path.Combine(program.Folder, "libc10.so"));

        AssertOneSentence(program.Run("compare", "--epochs", "1", "--quiet"), "libc10.so: cannot open shared object file: No such file or directory");
    }

    [OldCppFact]
    public void Run_LibraryAsksForNewerCpp_HasTheLoadersReasonAndCopiesNothing()
    {
        File.Delete(program.Library);
        File.Copy(OldCppFactAttribute.StrictLibrary, program.Library);

        var outcome = program.Run("compare", "--epochs", "1", "--quiet");

        Assert.Matches(@"could not be: \S+libstdc\+\+\.so\.6: version `GLIBCXX_3\.4\.[0-9]+' not found \(required by \S+\); nsdropout doctor", outcome.Error);
        AssertOneSentence(outcome, $"(required by {program.Library})");
        var doctor = program.Run("doctor");
        Assert.Equal(1, doctor.ExitCode);
        Assert.Matches(@"\nREPAIR library: TorchSharp's library must load, but it does not: \S+libstdc\+\+\.so\.6: version `GLIBCXX_", doctor.Output);
        Assert.Matches(@"\nREPAIR libstdc\+\+: libstdc\+\+ must have GLIBCXX_3\.4\.[0-9]+, but the newest of /\S+ is GLIBCXX_3\.4\.[0-9]+; use Debian 13", doctor.Output);
    }

    [LinuxFact]
    public void Doctor_LibraryIsNotThere_SaysTheRepairAndCopiesNothing()
    {
        File.Delete(program.Library);

        var outcome = program.Run("doctor");

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Error));
        Assert.Contains(
            $"\nREPAIR library: TorchSharp's library must load, but it does not: {TorchLibrary.FileName} is not in {program.Folder}; install the command again: dotnet tool ",
            outcome.Output,
            StringComparison.Ordinal);
        Assert.Contains("\nok     copies: none beside the program\n", outcome.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(program.Folder));
    }

    [LinuxFact]
    public void Doctor_CopiesBesideTheProgram_SaysHowToDeleteThem()
    {
        var copies = Directory.CreateDirectory(Path.Combine(program.Folder, "cpu")).FullName;
        File.WriteAllBytes(Path.Combine(copies, "libtorch_cpu.so"), new byte[3_000_000]);
        Directory.CreateDirectory(Path.Combine(program.Folder, "cuda-data"));

        var outcome = program.Run("doctor");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains($" put 3 MB there when its library did not load; type rm -r {copies}.\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("\nok     library: ", outcome.Output, StringComparison.Ordinal);
    }

    [LinuxTheory]
    [InlineData("--help")]
    [InlineData("layers")]
    [InlineData("data list")]
    public void Run_CommandWithoutTraining_NeedsNoLibrary(string line)
    {
        File.Delete(program.Library);

        var outcome = program.Run(line.Split(' '));

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Empty(Directory.GetDirectories(program.Folder));
    }

    public void Dispose()
    {
        program.Dispose();
        sandbox.Dispose();
    }

    private static void Replace(string link, string text)
    {
        File.Delete(link);
        File.WriteAllText(link, text);
    }

    private void AssertOneSentence(Cli.Outcome outcome, string reason)
    {
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.StartsWith("libtorch must be loaded before training can start, but it could not be: ", outcome.Error, StringComparison.Ordinal);
        Assert.EndsWith(
            $"{reason}; nsdropout doctor says what to type, which in a clone is scripts/setup.sh (see docs/troubleshooting.md).\n", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(1, outcome.Error.Count(letter => letter == '\n'));
        Assert.Empty(Directory.GetDirectories(program.Folder));
    }

    private sealed class LinuxFactAttribute : FactAttribute
    {
        public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "asserts what the loader of Linux says";
    }

    private sealed class LinuxTheoryAttribute : TheoryAttribute
    {
        public LinuxTheoryAttribute() => Skip = OperatingSystem.IsLinux() ? null : "asserts what the loader of Linux says";
    }

    /// <summary>Where TorchSharp's library of the package cache asks for a newer libstdc++ than this machine's.</summary>
    private sealed class OldCppFactAttribute : FactAttribute
    {
        public static readonly string StrictLibrary = Path.Combine(
            Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"),
            "torchsharp",
            FactFinder.TorchSharpVersion,
            "runtimes/linux-x64/native/libLibTorchSharp.so");

        public OldCppFactAttribute() => Skip = IsTooOld() ? null : "needs the package cache and a libstdc++ that is too old for TorchSharp";

        private static bool IsTooOld()
        {
            using var process = Process.GetCurrentProcess();
            return File.Exists(StrictLibrary)
                && process.Modules.Cast<ProcessModule>().FirstOrDefault(module => module.ModuleName.StartsWith("libstdc++", StringComparison.Ordinal)) is { } cpp
                && Glibcxx.NewestIn(File.ReadAllBytes(cpp.FileName)) < Glibcxx.NewestIn(File.ReadAllBytes(StrictLibrary));
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using NsDropoutTorch.Data;
using TorchSharp;

namespace NsDropoutTorch.Benchmarks.Contestants;

/// <summary>Training in PyTorch's eager mode: a process of Python that runs pytorch_training.py on the same samples and trains when it is asked.</summary>
internal sealed class PyTorch : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly DirectoryInfo _data;

    private PyTorch(Process process, DirectoryInfo data)
    {
        (_process, _data) = (process, data);
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Versions of PyTorch, Python and the library of linear algebra.</summary>
    public string Version { get; private set; } = "";

    /// <summary>Threads that torch says it has; its linear algebra may have others.</summary>
    public int Threads { get; private set; }

    /// <summary>Every python3 on the search path, in its order.</summary>
    public static IEnumerable<string> Pythons => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "python3.exe" : "python3")).Where(File.Exists);

    /// <summary>Starts the first of <paramref name="pythons"/> that has PyTorch; null where none has it, of which <paramref name="say"/> is told.</summary>
    /// <param name="train">The samples of an epoch.</param>
    /// <param name="threads">Threads of PyTorch and of its linear algebra; null leaves their numbers to them.</param>
    /// <param name="nativeDefaults">Whether OpenMP and glibc have the settings of <see cref="NsDropoutTorch.Training.NativeDefaults"/>, as in this process.</param>
    /// <param name="pythons">Programs to try.</param>
    /// <param name="say">Told what was started, or that nothing was.</param>
    /// <remarks>It trains on the device of the samples.</remarks>
    public static PyTorch? Start(TensorData train, int? threads, bool nativeDefaults, IEnumerable<string> pythons, Action<string> say)
    {
        var data = Save(train);
        foreach (var python in pythons)
        {
            var started = new PyTorch(Process.Start(StartInfo(python, data, train.Inputs.device, threads, nativeDefaults))!, data);
            if (started._process.StandardOutput.ReadLine() is { } line)
            {
                started.Read(line);
                say($"PyTorch eager: {started.Version}.");
                return started;
            }

            started.End();
        }

        data.Delete(recursive: true);
        say("There are no rows about PyTorch, because no python3 on the PATH imports torch; Debian has it as python3-torch.");
        return null;
    }

    /// <summary>Trains a new network, and waits for it.</summary>
    /// <param name="batchSize">Samples a step.</param>
    /// <param name="epochs">Passes over the samples.</param>
    /// <param name="fused">Adam's argument.</param>
    /// <param name="validation">Samples of a pass at the end of each epoch.</param>
    /// <exception cref="InvalidOperationException">The script failed.</exception>
    public void Train(int batchSize, int epochs = 1, bool fused = false, long validation = 0)
    {
        _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $$"""{"batch": {{batchSize}}, "epochs": {{epochs}}, "fused": {{(fused ? "true" : "false")}}, "validation": {{validation}}}"""));
        _process.StandardInput.Flush();
        if (_process.StandardOutput.ReadLine() is null) throw new InvalidOperationException($"pytorch_training.py failed: {_errors.GetAwaiter().GetResult()}");
    }

    public void Dispose()
    {
        End();
        _data.Delete(recursive: true);
    }

    private void End()
    {
        // Its loop ends with its input.
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static DirectoryInfo Save(TensorData train)
    {
        var folder = Directory.CreateTempSubdirectory("nsdropout-bench-");
        using var scope = torch.NewDisposeScope();
        File.WriteAllBytes(Path.Combine(folder.FullName, "inputs"), train.Inputs.cpu().contiguous().bytes);
        File.WriteAllBytes(Path.Combine(folder.FullName, "labels"), train.Labels.cpu().contiguous().bytes);
        return folder;
    }

    private static ProcessStartInfo StartInfo(string python, DirectoryInfo data, torch.Device device, int? threads, bool nativeDefaults)
    {
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "pytorch_training.py"), Path.Combine(data.FullName, "inputs"), Path.Combine(data.FullName, "labels"), device.ToString()];
        var start = new ProcessStartInfo(python, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        // Each library of linear algebra has threads of its own, of which torch.set_num_threads does not know.
        if (threads is { } count)
        {
            foreach (var name in new[] { "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS" })
                start.Environment[name] = count.ToString(CultureInfo.InvariantCulture);
        }

        if (!nativeDefaults) return start;
        start.Environment["OMP_WAIT_POLICY"] = "PASSIVE";
        start.Environment["MALLOC_TRIM_THRESHOLD_"] = "1073741824";
        start.Environment["MALLOC_MMAP_THRESHOLD_"] = "33554432";
        return start;
    }

    private void Read(string line)
    {
        using var document = JsonDocument.Parse(line);
        string Named(string name) => document.RootElement.GetProperty(name).GetString()!;
        var blas = Named("blas");
        var slow = blas.StartsWith("libblas", StringComparison.Ordinal) ? ", which is many times as slow as OpenBLAS: its rows say nothing of PyTorch; Debian has libopenblas0-pthread" : "";
        Threads = document.RootElement.GetProperty("threads").GetInt32();
        Version = $"PyTorch {Named("torch")} of Python {Named("python")}{(blas.Length > 0 ? $" with {blas}" : "")}{slow}";
    }
}

using NsDropoutTorch.Benchmarks.Contestants;
using NsDropoutTorch.Data;
using static TorchSharp.torch;

namespace NsDropoutTorch.Benchmarks.Tests.Contestants;

public sealed class PyTorchTests
{
    [LinuxFact]
    public void Start_NoPythonWithTorch_IsNullAndSaysSoOnce()
    {
        var said = new List<string>();
        using var train = new TensorData(ones(4, 3), zeros(4, ScalarType.Int64));

        // A program that ends at once, as python3 does where it has no torch.
        Assert.Null(PyTorch.Start(train, 1, nativeDefaults: false, ["/bin/false", "/bin/false"], said.Add));

        Assert.Equal(["There are no rows about PyTorch, because no python3 on the PATH imports torch; Debian has it as python3-torch."], said);
    }

    [LinuxFact]
    public void Start_SecondPythonAnswers_IsTaken()
    {
        using var folder = new TemporaryFolder();
        var python = Python(folder, "'$OMP_NUM_THREADS $OMP_WAIT_POLICY'");
        var said = new List<string>();
        using var train = new TensorData(ones(4, 3), zeros(4, ScalarType.Int64));

        using var pytorch = PyTorch.Start(train, 2, nativeDefaults: true, ["/bin/false", python], said.Add);

        pytorch!.Train(32);
        Assert.Equal(["PyTorch eager: PyTorch 2.1 of Python 3.11 with 2 PASSIVE."], said);
        Assert.Equal(3, pytorch.Threads);
    }

    [LinuxFact]
    public void Start_NoNumberOfThreads_LeavesTheEnvironment()
    {
        using var folder = new TemporaryFolder();
        var python = Python(folder, "'$OMP_NUM_THREADS,$OPENBLAS_NUM_THREADS,$MKL_NUM_THREADS,$OMP_WAIT_POLICY,$MALLOC_TRIM_THRESHOLD_'");
        using var train = new TensorData(ones(4, 3), zeros(4, ScalarType.Int64));

        using var pytorch = PyTorch.Start(train, threads: null, nativeDefaults: false, [python], _ => { });

        string?[] here = [.. new[] { "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_WAIT_POLICY", "MALLOC_TRIM_THRESHOLD_" }.Select(Environment.GetEnvironmentVariable)];
        Assert.Equal($"PyTorch 2.1 of Python 3.11 with {string.Join(',', here)}", pytorch!.Version);
    }

    /// <summary>Against it anything looks fast.</summary>
    [LinuxFact]
    public void Start_ReferenceBlas_SaysThatItsRowsSayNothing()
    {
        using var folder = new TemporaryFolder();
        var said = new List<string>();
        using var train = new TensorData(ones(4, 3), zeros(4, ScalarType.Int64));

        PyTorch.Start(train, 1, nativeDefaults: false, [Python(folder, "libblas.so.3.11.0")], said.Add)!.Dispose();

        Assert.Equal(["PyTorch eager: PyTorch 2.1 of Python 3.11 with libblas.so.3.11.0, which is many times as slow as OpenBLAS: its rows say nothing of PyTorch; Debian has libopenblas0-pthread."], said);
    }

    private static string Python(TemporaryFolder folder, string blas)
    {
        var python = folder.Write("python3", $$"""
            #!/bin/sh
            echo '{"torch": "2.1", "python": "3.11", "blas": "{{blas}}", "threads": 3}'
            while read -r request; do echo '{}'; done

            """);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(python, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return python;
    }
}

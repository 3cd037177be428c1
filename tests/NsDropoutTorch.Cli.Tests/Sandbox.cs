namespace NsDropoutTorch.Cli.Tests;

/// <summary>A temporary folder, and no data but what the program brings and a test puts there.</summary>
internal sealed class Sandbox : IDisposable
{
    private const string DataVariable = "NSDROPOUT_DATA";

    private readonly string? data = Environment.GetEnvironmentVariable(DataVariable);
    private readonly string current = Directory.GetCurrentDirectory();

    public Sandbox()
    {
        Environment.SetEnvironmentVariable(DataVariable, null);
        Directory.SetCurrentDirectory(Folder);
        // With one here none above is looked in.
        Directory.CreateDirectory("data");
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory().FullName;

    public string this[string name] => Path.Combine(Folder, name);

    public void Dispose()
    {
        Directory.SetCurrentDirectory(current);
        Environment.SetEnvironmentVariable(DataVariable, data);
        Directory.Delete(Folder, recursive: true);
    }
}

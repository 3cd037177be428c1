using NsDropoutTorch.Docs.Tests.Support;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using NsDropoutTorch.Cli.Hosting;

namespace NsDropoutTorch.Docs.Tests.Packages;

/// <summary>The tool: its packages, and what they install.</summary>
[Collection(PackagesCollection.Name)]
public sealed class ToolTests(PackedFiles packages, InstalledTool tool) : IClassFixture<InstalledTool>
{
    // Galleries take no package that is larger.
    private const long LargestPackage = 250_000_000;
    private static readonly string Folder = $"tools/net10.0/{Platform.Identifier}";

    [Fact]
    public void Tool_PointsToAPackageOfThePlatform()
    {
        var settings = XDocument.Parse(Encoding.UTF8.GetString(packages.Content(PackedFiles.Tool, "tools/any/any/DotnetToolSettings.xml")).TrimStart('\uFEFF'));

        Assert.Equal((PackedFiles.Tool, "DotnetTool"), (settings.Descendants("Command").Single().Attribute("Name")!.Value, TypeOf(PackedFiles.Tool)));
        Assert.Equal(PackedFiles.PlatformTool, settings.Descendants("RuntimeIdentifierPackage").Single().Attribute("Id")!.Value);
        Assert.Equal("DotnetToolRidPackage", TypeOf(PackedFiles.PlatformTool));
        Assert.DoesNotContain(packages.Entries(PackedFiles.Tool), entry => entry.EndsWith(".dll", StringComparison.Ordinal));
    }

    [Fact]
    public void Tool_OfThePlatform_BringsTheLibraries_AndStaysBelowTheLimit()
    {
        Assert.Superset(
            PackedFiles.Libraries.Append(PackedFiles.Tool).Append("TorchSharp").Select(name => $"{Folder}/{name}.dll").ToHashSet(),
            packages.Entries(PackedFiles.PlatformTool).ToHashSet());
        Assert.InRange(new FileInfo(packages.PathOf(PackedFiles.PlatformTool)).Length, 1, LargestPackage);
    }

    [LinuxFact]
    public void Tool_ForLinux_BringsTheCopyThatOlderSystemsLoad() =>
        Assert.Equal(File.ReadAllBytes(LoadableLibrary.Path), packages.Content(PackedFiles.PlatformTool, $"{Folder}/{LoadableLibrary.Name}"));

    [Fact]
    public void Pack_ForLinux_WithoutThatCopy_NamesTheRepair() => Assert.Equal(
        $"A tool for linux-x64 must bring the copy of {LoadableLibrary.Name} that older systems load, but .native/{Repository.VersionOf("TorchSharp")} has none: type dotnet {string.Join(' ', LoadableLibrary.Command)}",
        ErrorOfPacking("-p:TorchDevice=cpu", "-p:LoadableTorchSharp=missing"));

    [Fact]
    public void Pack_ForAnotherDevice_SaysThatItMustNot() =>
        Assert.Equal("A tool must be packed with TorchSharp for the CPU, but TorchDevice is 'cuda': leave it out.", ErrorOfPacking("-p:TorchDevice=cuda"));

    [LinuxFact]
    public void Installed_TorchSharpLoadsEachNativeFileBesideIt()
    {
        var library = tool.Find(LoadableLibrary.Name);
        var folder = Path.GetDirectoryName(library)!;

        var loaded = Command.Run("ldd", [library], folder, _ => { });

        Assert.DoesNotContain("=> not found", loaded.All, StringComparison.Ordinal);
        var paths = loaded.Output.Split('\n').Where(line => line.Contains($"=> {folder}", StringComparison.Ordinal)).Select(line => line.Split("=> ")[1].Split(' ')[0]);
        Assert.Equal(Directory.GetFiles(folder, "*.so*").Order(StringComparer.Ordinal), paths.Append(library).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Installed_Compares_InProcessesOfItsOwn()
    {
        var output = tool.PathOf("results");

        tool.Run("compare", "--dataset", "optdigits", "--epochs", "2", "--layers", "none,nsdropout", "--jobs", "2", "--out", output);

        var runs = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "results.json"))).RootElement.GetProperty("runs").EnumerateArray().ToArray();
        Assert.Equal(["none", "nsdropout"], runs.Select(run => run.GetProperty("layer").GetString()));
        Assert.All(runs, run => Assert.InRange(run.GetProperty("testError").GetDouble(), 0.01, 0.95));
    }

    [Fact]
    public void Installed_Doctor_FindsThisMachineReady() =>
        Assert.Contains($"TorchSharp {Repository.VersionOf("TorchSharp")}", tool.Run("doctor").Output, StringComparison.Ordinal);

    private string TypeOf(string id) => packages.Metadata(id).Descendants().Single(element => element.Name.LocalName == "packageType").Attribute("name")!.Value;

    // The target that packing for a platform begins with.
    private static string ErrorOfPacking(params string[] options)
    {
        var pack = Dotnet.Run(["msbuild", "src/NsDropoutTorch.Cli", "-t:ResolvePackageAssets", "-p:_IsPacking=true", "-p:RuntimeIdentifier=linux-x64", "-p:Configuration=Release", "-nologo", "-v:quiet", .. options]);
        Assert.NotEqual(0, pack.ExitCode);
        var line = Assert.Single(pack.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        return line[(line.IndexOf("error : ", StringComparison.Ordinal) + "error : ".Length)..line.IndexOf(" [", StringComparison.Ordinal)];
    }
}

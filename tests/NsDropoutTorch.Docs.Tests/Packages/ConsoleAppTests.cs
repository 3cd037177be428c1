using System.Globalization;
using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Docs.Tests.Docs;
using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Docs.Tests.Packages;

/// <summary>Somebody's own application takes the layers from their package as the README says, and where TorchSharp's library does not load does what the page on that says.</summary>
[Collection(PackagesCollection.Name)]
public sealed class ConsoleAppTests(PackedFiles packages)
{
    private const string Training = """
        using NsDropoutTorch;
        using TorchSharp;
        using static TorchSharp.torch;

        manual_seed(1);
        var labels = arange(200) % 4;
        var inputs = randn(4, 8)[labels] + 0.1 * randn(200, 8);
        using var model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.NSDropout(32, 4, 0.2), nn.Linear(32, 4));
        using var optimizer = optim.Adam(model.parameters(), 0.01);
        for (var step = 0; step < 20; step++)
        {
            using var tensors = NewDisposeScope();
            using var scope = LabelScope.Use(labels);
            model.eval();
            using (no_grad())
            using (ValidationCapture.Begin(model)) model.call(inputs);
            model.train();
            optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(model.call(inputs), labels);
            loss.backward();
            optimizer.step();
            Console.WriteLine(FormattableString.Invariant($"loss {loss.item<float>():F3}"));
        }
        """;

    private const string Questions = "docs/faq.md";

    [Fact]
    public void App_ThatAddsThePackages_Trains()
    {
        using var app = new ConsoleApp(packages, "app");
        app.Run("dotnet", ["new", "console", "-n", "app", "--no-restore"], app.Above).Succeeded();
        var (add, addNative) = Page.At("README.md").Commands("add").Trim().Split('\n') is [var first, var second] ? (first, second) : default;
        Type(app, add!);
        app.Program = Training;
        MissesLibtorch(app);

        Assert.Equal(addNative, Page.At(Questions).Commands("libtorch").Trim());
        Type(app, addNative!);
        var run = app.Dotnet("run");
        if (OperatingSystem.IsLinux())
        {
            Repair(app, run);
            run = app.Dotnet("run");
        }

        var losses = run.Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => float.Parse(line["loss ".Length..], CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(20, losses.Length);
        Assert.InRange(losses[^1], 0, losses[0] / 2);
    }

    // In a folder of packages that has libtorch, from another project, TorchSharp would find it.
    private static void MissesLibtorch(ConsoleApp app)
    {
        app.Dotnet("build").Succeeded();
        var alone = app.Run("dotnet", [Path.Combine("bin", "Debug", "net10.0", "app.dll")], app.Root, packageFolder: Path.Combine(app.Above, "none"));
        Assert.Contains(Symptom.Replace("linux-x64", Platform.Identifier, StringComparison.Ordinal), alone.Error, StringComparison.Ordinal);
        Assert.Contains($"```\n{Symptom}\n```", Page.At(Questions).Text, StringComparison.Ordinal);
    }

    private static void Type(ConsoleApp app, string command) => app.Dotnet(command["dotnet ".Length..].Split(' ')).Succeeded();

    // The repair does no harm where the library loads as it comes.
    private static void Repair(ConsoleApp app, Command.Outcome run)
    {
        var isTooStrict = LibraryRepair.IsNeeded(app);
        Assert.Equal(isTooStrict, run.ExitCode != 0);
        Assert.Equal(isTooStrict, run.Error.Contains(Symptom, StringComparison.Ordinal));
        Assert.Equal(isTooStrict ? 1 : 0, StrayCopies(app).Length);

        LibraryRepair.Apply(app);

        Assert.Empty(StrayCopies(app));
        Assert.False(LibraryRepair.IsNeeded(app), "The loader must let the repaired library pass.");
    }

    private static string Symptom => Page.At(LibraryRepair.Page).Blocks.First(block => block.Language.Length == 0).Code.Trim();

    private static string[] StrayCopies(ConsoleApp app) => Directory.GetDirectories(Path.Combine(app.Root, "bin"), "cpu", SearchOption.AllDirectories);
}

using NsDropoutTorch.Docs.Tests.Docs;
using NsDropoutTorch.Docs.Tests.Support;

namespace NsDropoutTorch.Docs.Tests.Packages;

/// <summary>docs/quickstart.md, typed by a stranger: its commands and its program, outside of the repository, with the packages.</summary>
[Collection(PackagesCollection.Name)]
public sealed class FirstHourTests(PackedFiles packages)
{
    private const string Name = "FirstHour";

    [Fact]
    public void Guide_TypedByAStranger_PrintsWhatItSays()
    {
        using var app = new ConsoleApp(packages, Name, withTool: true);
        Create(app);

        var printed = Type(app, "run");
        var blocks = FirstHour.Printed;
        var end = blocks.SkipLast(1).Aggregate(0, (start, block) => block.FindIn(printed, start));
        Assert.Equal("", printed[end..].Trim());

        Assert.Equal(WithoutTraining(printed), Type(app, "load"));

        blocks[^1].FindIn(Type(app, "compare"), 0);
        Assert.True(File.Exists(Path.Combine(app.Root, "results", "report.html")), "The comparison must leave its report in the folder results.");
    }

    private static void Create(ConsoleApp app)
    {
        string[] commands = FirstHour.Commands("create");
        Assert.Equal(($"dotnet new console -n {Name}", $"cd {Name}"), (commands[0], commands[1]));
        app.Run("dotnet", commands[0].Split(' ')[1..], app.Above).Succeeded();
        Assert.All(commands[2..], command => Type(app, command.Split(' ')).Succeeded());
        app.Program = FirstHour.Program;
        PutData(app);
        app.Dotnet("build").Succeeded();
        if (OperatingSystem.IsLinux() && LibraryRepair.IsNeeded(app))
        {
            LibraryRepair.Apply(app);
        }
    }

    // The program would download the files to where they are put here.
    private static void PutData(ConsoleApp app)
    {
        var folder = Directory.CreateDirectory(Path.Combine(app.Root, "data", "optdigits"));
        foreach (var file in Directory.GetFiles(Repository.PathOf("data/optdigits"), "optdigits.t*"))
        {
            File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
        }
    }

    /// <summary>What the commands of that name print; all of them must end well.</summary>
    private static string Type(ConsoleApp app, string name) =>
        string.Concat(FirstHour.Commands(name).Select(command => Type(app, command.Split(' ')).Succeeded().Output));

    private static Command.Outcome Type(ConsoleApp app, string[] words) =>
        app.Run(words[0] == "dotnet" ? words[0] : Path.Combine(app.Root, words[0]), words[1..], app.Root);

    // The process that loads ends after the eight digits.
    private static string WithoutTraining(string printed)
    {
        var lines = printed.Split('\n');
        var last = Array.FindIndex(lines, line => line.StartsWith("they are", StringComparison.Ordinal));
        var kept = lines[..(last + 1)].Where(line => !line.StartsWith("digits ", StringComparison.Ordinal) && !line.StartsWith("the best of", StringComparison.Ordinal)).ToArray();
        Assert.NotEqual(last + 1, kept.Length);
        return string.Concat(kept.Select(line => line + "\n"));
    }
}

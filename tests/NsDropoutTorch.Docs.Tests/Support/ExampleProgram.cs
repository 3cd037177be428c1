using System.Reflection;
using NsDropoutTorch.Cli.Hosting;
using Spectre.Console;

namespace NsDropoutTorch.Docs.Tests.Support;

/// <summary>A program of the examples, run in this process.</summary>
internal static class ExampleProgram
{
    /// <summary>What it writes; it must end well.</summary>
    /// <param name="assembly">Name of its assembly.</param>
    /// <param name="arguments">Its arguments.</param>
    public static string Run(string assembly, params string[] arguments)
    {
        var (exitCode, output, error) = Invoke(assembly, arguments);
        Assert.True(exitCode == 0, output + error);
        return output;
    }

    public static (int ExitCode, string Output, string Error) Invoke(string assembly, params string[] arguments)
    {
        var (output, error, console) = (Console.Out, Console.Error, AnsiConsole.Console);
        using var writtenOutput = new StringWriter();
        using var writtenError = new StringWriter();
        Console.SetOut(writtenOutput);
        Console.SetError(writtenError);
        AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writtenOutput) });
        try
        {
            var exitCode = Assembly.Load(assembly).EntryPoint!.Invoke(null, [arguments]) as int? ?? 0;
            return (exitCode, writtenOutput.ToString(), writtenError.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
            AnsiConsole.Console = console;
        }
    }
}

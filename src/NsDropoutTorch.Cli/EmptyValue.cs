using System.CommandLine;
using System.CommandLine.Parsing;

namespace NsDropoutTorch.Cli;

/// <summary>Finds what was given without a value: no option and no argument has a use for an empty text.</summary>
internal static class EmptyValue
{
    /// <summary>A sentence on the first of them; null where there is none.</summary>
    /// <param name="parsed">The command line.</param>
    public static string? In(ParseResult parsed)
    {
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult command; result = command.Parent)
        {
            foreach (var child in command.Children.Where(child => child is OptionResult or ArgumentResult))
            {
                if (child.Tokens.FirstOrDefault(token => string.IsNullOrWhiteSpace(token.Value)) is { } token)
                {
                    return $"{NameOf(child)} must have a value, but got '{token.Value}'.";
                }
            }
        }

        return null;
    }

    private static string NameOf(SymbolResult result) => result is OptionResult option ? option.Option.Name : ((ArgumentResult)result).Argument.Name;
}

namespace NsDropoutTorch.Cli.Doctor;

/// <summary>One line of <c>nsdropout doctor</c>.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Ok">Whether it is as it should be.</param>
/// <param name="Text">What was found; where that is not as it should be, a sentence with the rule, what was found and what to type.</param>
internal sealed record Check(string Name, bool Ok, string Text)
{
    public static Check Good(string name, string found) => new(name, true, found);

    public static Check Bad(string name, string repair) => new(name, false, repair);
}

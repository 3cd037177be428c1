namespace NsDropoutTorch.Training.Tests;

/// <summary>What a broken option says.</summary>
internal static class Broken
{
    public static void Says(string sentence, Action make) => Assert.Equal(sentence, Assert.Throws<ArgumentException>(make).Message);
}

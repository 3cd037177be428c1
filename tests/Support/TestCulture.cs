using System.Globalization;
using System.Runtime.CompilerServices;

namespace NsDropoutTorch.Tests.Support;

/// <summary>Cultures that tests run under. <c>NSDROPOUT_TEST_CULTURE=tr-TR ./test.sh</c> runs all of them under one.</summary>
internal static class TestCulture
{
    private const string Variable = "NSDROPOUT_TEST_CULTURE";

    /// <summary>Why there is no culture but the invariant one; null where there are others.</summary>
    public static string? Missing { get; } = HasCultures()
        ? null
        : "cultures need ICU, and DOTNET_SYSTEM_GLOBALIZATION_INVARIANT says that there is none; on Debian 12 it is the package libicu72.";

    /// <summary>What <paramref name="make"/> gives on a thread of the culture <paramref name="name"/>.</summary>
    public static T Under<T>(string name, Func<T> make)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(name);
        try
        {
            return make();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static bool HasCultures()
    {
        try
        {
            return CultureInfo.GetCultureInfo("de-DE").NumberFormat.NumberDecimalSeparator == ",";
        }
        catch (CultureNotFoundException)
        {
            return false;
        }
    }

#pragma warning disable CA2255 // It is no library: nothing but tests runs in this process.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Set()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name)
        {
            var culture = CultureInfo.GetCultureInfo(name);
            (CultureInfo.DefaultThreadCurrentCulture, CultureInfo.DefaultThreadCurrentUICulture, CultureInfo.CurrentCulture) = (culture, culture, culture);
        }
    }
}

/// <summary>A test once under each of some cultures that write numbers or letters in other ways; skipped, with the reason, where there are none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CultureTheoryAttribute : TheoryAttribute
{
    public CultureTheoryAttribute() => Skip = TestCulture.Missing;
}

/// <summary>Decimal comma and point for thousands; the dotless i; a minus sign that is no hyphen.</summary>
internal sealed class Cultures() : TheoryData<string>(["de-DE", "tr-TR", "sv-SE"]);

using System.Globalization;

namespace NsDropoutTorch.Benchmarks;

/// <summary>Numbers as people read them.</summary>
internal static class Text
{
    /// <summary>A time given in microseconds.</summary>
    public static string Time(double microseconds) => microseconds switch
    {
        < 100 => Format($"{microseconds:0.0} µs"),
        < 10_000 => Format($"{microseconds:0} µs"),
        < 1_000_000 => Format($"{microseconds / 1e3:0} ms"),
        _ => Format($"{microseconds / 1e6:0.00} s"),
    };

    /// <summary>A ratio in three digits.</summary>
    public static string Ratio(double ratio) => ratio switch
    {
        >= 100 => Format($"{ratio:0}"),
        >= 10 => Format($"{ratio:0.0}"),
        < 2 => Format($"{ratio:0.000}"),
        _ => Format($"{ratio:0.00}"),
    };

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

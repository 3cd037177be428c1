namespace NsDropoutTorch.Data.Formats;

/// <summary>Optical recognition of handwritten digits: 8x8 images with 17 shades, a row of 64 numbers and the class each.</summary>
/// <remarks>E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, 1998.</remarks>
public static class OptDigits
{
    private const byte MaxShade = 16;

    /// <summary>0 to 9.</summary>
    public static IReadOnlyList<string> ClassNames { get; } = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    /// <summary>Reads optdigits.tra or optdigits.tes; whatever is wrong is a <see cref="DataFormatException"/>.</summary>
    public static ImageSet ReadFile(string path)
    {
        var rows = TabularCsv.ReadFile(path, new CsvOptions { LabelColumn = "last", Header = CsvHeader.No, ClassNames = ClassNames }).Rows;
        if (rows.NumFeatures != 64)
            throw new DataFormatException(Invariant($"A row of optdigits must have 64 pixels and a class, but {path} has {rows.NumFeatures} columns before the class."));
        var wrong = Array.FindIndex(rows.Values, value => value is < 0 or > MaxShade || value != MathF.Truncate(value));
        if (wrong >= 0)
            throw new DataFormatException(Invariant($"A pixel of optdigits must be a whole number in [0, {MaxShade}], but {path} has {rows.Values[wrong]} in row {(wrong / 64) + 1}, column {(wrong % 64) + 1}."));
        return new ImageSet(channels: 1, height: 8, width: 8, Array.ConvertAll(rows.Values, value => (byte)value), rows.Labels, MaxShade);
    }
}

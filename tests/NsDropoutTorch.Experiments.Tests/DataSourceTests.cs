using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments.Tests;

public sealed class DataSourceTests
{
    private static readonly DataSource Source = new("made up", 3, 2, []);

    [Fact]
    public void LabelText_NoTable_CountsTheClasses() => Assert.Equal("3 classes", (Source with { Classes = ["a", "b", "c"] }).LabelText);

    [Fact]
    public void LabelText_Table_NamesColumnAndClasses() =>
        Assert.Equal("class in column 5 (species): a, b, c", (Source with { LabelColumn = "column 5 (species)", Classes = ["a", "b", "c"] }).LabelText);

    [Fact]
    public void LabelText_ManyClasses_IsShortened() => Assert.Equal(
        "class in column 1: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, … (26 classes)",
        (Source with { LabelColumn = "column 1", Classes = [.. Enumerable.Range(0, 26).Select(i => $"{i}")] }).LabelText);

    [Fact]
    public void LabelText_DocumentOfBefore_SaysNothing() => Assert.Null(Source.LabelText);
}

using NsDropoutTorch.Training.Data;

namespace NsDropoutTorch.Training.Tests.Data;

public class TabularCsvTests
{
    [Fact]
    public void Parse_WithoutHeader_TakesTheLastColumnAsClass()
    {
        var table = TabularCsv.Parse("1,2.5,b\n-3e1,4,a\n", "t.csv");

        Assert.Equal([1, 2.5f, -30, 4], table.Rows.Values);
        Assert.Equal(["a", "b"], table.ClassNames);
        Assert.Equal([1, 0], table.Rows.Labels);
        Assert.Equal(["x1", "x2"], table.FeatureNames);
    }

    [Theory]
    [InlineData("age,Class,size\n1,b,2\n3,a,4\n")]
    [InlineData("\r\n\"age\";\"class\";\"size\"\r\n1;b;2\r\n\r\n\"3\";\"a\"; 4 ")]
    [InlineData("age\tlabel\tsize\n1\tb\t2\n3\ta\t4")]
    [InlineData("\uFEFFage,target,size\n1,b,2\n3,a,4\n")]
    public void Parse_WithHeader_FindsNamesClassAndSeparator(string text)
    {
        using var folder = new TemporaryFolder();
        var table = TabularCsv.ReadFile(folder.Write("t.csv", text));

        Assert.Equal(["age", "size"], table.FeatureNames);
        Assert.Equal([1, 2, 3, 4], table.Rows.Values);
        Assert.Equal([1, 0], table.Rows.Labels);
    }

    [Fact]
    public void Parse_HeaderOfNumbersWithALabel_IsAHeader()
    {
        var table = TabularCsv.Parse("label,0,1\n7,8,9\n", "t.csv");

        Assert.Equal(["0", "1"], table.FeatureNames);
        Assert.Equal([8, 9], table.Rows.Values);
        Assert.Equal(["7"], table.ClassNames);
    }

    [Fact]
    public void Parse_QuotedCells_MayHoldSeparatorQuoteAndNewline()
    {
        var table = TabularCsv.Parse("1,\"a,\"\"b\"\"\nc\"\n2,d\n", "t.csv");

        Assert.Equal(["a,\"b\"\nc", "d"], table.ClassNames);
    }

    [Fact]
    public void Parse_WholeNumbersAsClasses_AreOrderedByValue() =>
        Assert.Equal(["2", "10"], TabularCsv.Parse("1,10\n1,2\n", "t.csv").ClassNames);

    [Theory]
    [InlineData("size")]
    [InlineData("3")]
    public void Parse_LabelColumnGiven_IsTaken(string column)
    {
        var table = TabularCsv.Parse("age,class,size\n1,2,big\n3,4,small\n", "t.csv", new CsvOptions { LabelColumn = column });

        Assert.Equal(["age", "class"], table.FeatureNames);
        Assert.Equal(["big", "small"], table.ClassNames);
    }

    [Theory]
    [InlineData("", "A CSV data set must have at least one row of data, but t.csv has none.")]
    [InlineData("a,label\n", "A CSV data set must have at least one row of data, but t.csv has none.")]
    [InlineData("1\n2\n", "A CSV data set must have a column of classes and at least one of numbers, but t.csv has 1 column.")]
    [InlineData("1,a\n1,2,a\n", "Every row must have the 2 columns of the first, but t.csv, line 2 has 3.")]
    [InlineData("1,a\n\n?,a\n", "A measurement must be a finite number, but t.csv, line 3, column 1 holds '?'.")]
    [InlineData("1,a\nNaN,a\n", "A measurement must be a finite number, but t.csv, line 2, column 1 holds 'NaN'.")]
    [InlineData("1,\"a\nb\"\nx,a\n", "A measurement must be a finite number, but t.csv, line 3, column 1 holds 'x'.")]
    [InlineData("1,\"a\n", "A quoted cell must end with a quote, but the one in t.csv, line 1, column 2 never does.")]
    [InlineData("1,a\n\"2\"3,a\n", "A quoted cell must end at its quote, but the one in t.csv, line 2, column 1 goes on after it.")]
    public void Parse_BadText_SaysWhereAndWhat(string text, string expected) =>
        Assert.Equal(expected, Assert.Throws<DataFormatException>(() => TabularCsv.Parse(text, "t.csv")).Message);

    [Fact]
    public void Parse_ClassThatIsNotGiven_SaysWhereAndWhat()
    {
        var error = Assert.Throws<DataFormatException>(() => TabularCsv.Parse("1,a\n2,c\n", "t.csv", new CsvOptions { ClassNames = ["a", "b"] }));
        Assert.Equal("The class must be one of a, b, but t.csv, line 2, column 2 holds 'c'.", error.Message);
    }

    [Fact]
    public void Parse_LabelColumnThatIsNotThere_SaysWhatThereIs()
    {
        var error = Assert.Throws<DataFormatException>(() => TabularCsv.Parse("a,b\n1,2\n", "t.csv", new CsvOptions { LabelColumn = "c" }));
        Assert.Equal("The label column must be one of the columns of t.csv by name or number, but got 'c'; it has a, b.", error.Message);
    }

    [Fact]
    public void Parse_MoreClassesThanLabelsCanSay_AsksWhetherTheColumnIsRight()
    {
        var text = string.Concat(Enumerable.Range(0, 300).Select(i => $"1,{i}\n"));
        var error = Assert.Throws<DataFormatException>(() => TabularCsv.Parse(text, "t.csv"));
        Assert.Equal("The label column must hold at most 256 classes, but at t.csv, line 257, column 2 it holds one more: is it the right column?", error.Message);
    }
}

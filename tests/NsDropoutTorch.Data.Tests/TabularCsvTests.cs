using System.Text;
using NsDropoutTorch.Data.Formats;

namespace NsDropoutTorch.Data.Tests;

public class TabularCsvTests
{
    private const string Rows = "\n1.5,2,a\n3,4,b\n5,6,a\n7,8,b\n";

    [Fact]
    public void Parse_WithoutHeader_TakesTheLastColumnAsClass()
    {
        var table = TabularCsv.Parse("1,2.5,b\n-3e1,4,a\n5,6,a\n7,8,b\n", "t.csv");

        Assert.Equal([1, 2.5f, -30, 4, 5, 6, 7, 8], table.Rows.Values);
        Assert.Equal(["a", "b"], table.ClassNames);
        Assert.Equal([1, 0, 0, 1], table.Rows.Labels);
        Assert.Equal(["x1", "x2"], table.FeatureNames);
        Assert.Equal("column 3", table.LabelColumn);
    }

    [Theory]
    [InlineData("age,Class,size\n1,b,2\n3,a,4\n5,a,6\n7,b,8\n")]
    [InlineData("\r\n\"age\";\"class\";\"size\"\r\n1;b;2\r\n\r\n\"3\";\"a\"; 4 \r\n5;a;6\r\n7;b;8")]
    [InlineData("age\tlabel\tsize\n1\tb\t2\n3\ta\t4\n5\ta\t6\n7\tb\t8")]
    [InlineData("\uFEFFage,target,size\n1,b,2\n3,a,4\n5,a,6\n7,b,8\n")]
    [InlineData("age,y,size\r1,b,2\r3,a,4\r5,a,6\r7,b,8\r")]
    public void Parse_WithHeader_FindsNamesClassAndSeparator(string text)
    {
        using var folder = new TemporaryFolder();
        foreach (var encoding in new Encoding[] { new UTF8Encoding(), Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32 })
        {
            var table = TabularCsv.ReadFile(folder.Write("t.csv", [.. encoding.GetPreamble(), .. encoding.GetBytes(text)]));

            Assert.Equal(["age", "size"], table.FeatureNames);
            Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], table.Rows.Values);
            Assert.Equal([1, 0, 0, 1], table.Rows.Labels);
            Assert.StartsWith("column 2 (", table.LabelColumn, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("label,0,1\n7,8,9\n7,1,2\n6,3,4\n6,3,4\n")]
    [InlineData("0,1,y\n8,9,7\n1,2,7\n3,4,6\n3,4,6\n")]
    [InlineData("0,1,y\n8,9,7\n1,2,7\n3,,6\n3,4,6\n", "A measurement must be a finite number, but t.csv, line 4, column 2 holds ''")]
    public void Parse_HeaderOfNumbersWithAWordOverNumbers_IsAHeader(string text, string? error = null)
    {
        if (error is not null)
        {
            Assert.StartsWith(error, Message(text), StringComparison.Ordinal);
            return;
        }

        var table = TabularCsv.Parse(text, "t.csv");
        Assert.Equal(["0", "1"], table.FeatureNames);
        Assert.Equal([8, 9, 1, 2, 3, 4, 3, 4], table.Rows.Values);
        Assert.Equal(["6", "7"], table.ClassNames);
    }

    [Theory]
    [InlineData("0,1,2,3,4\n9,2,9,1,4\n9,3,9,3,4\n9,2,1,1,5\n9,2,2,1,5\n", "0,1,2,3,4")]
    [InlineData("400,410,420,1\n9,2,9,1\n9,3,9,1\n9,2,1,0\n9,2,2,0\n", "400,410,420,1")]
    [InlineData("1,2,target\n3,9,cat\n3,7,cat\n4,2,dog\n4,2,dog\n", "1,2,target")]
    [InlineData("5,2,6\n3,9,0\n3,7,0\n4,2,1\n4,2,1\n", "5,2,6")]
    public void Parse_FirstRowThatMayHoldNamesOrData_AsksAndTakesTheAnswer(string text, string shown)
    {
        Assert.Equal(
            $"It must be certain whether the first row holds names, but that of t.csv, line 1 ({shown}) may hold names or data: say --header yes or --header no.", Message(text));
        Assert.Equal(4, TabularCsv.Parse(text, "t.csv", new CsvOptions { Header = CsvHeader.Yes, LabelColumn = "last" }).Rows.Count);
    }

    [Fact]
    public void Parse_HeaderlessRowWithAUsualNameAsItsClass_IsKept()
    {
        const string Text = "1,2,target\n3,9,cat\n4,7,cat\n5,1,target\n";
        Assert.Equal(4, TabularCsv.Parse(Text, "t.csv").Rows.Count);
        Assert.Equal(4, TabularCsv.Parse(Text, "t.csv", new CsvOptions { Header = CsvHeader.No }).Rows.Count);
    }

    [Fact]
    public void Parse_QuotedCells_MayHoldSeparatorQuoteAndNewline()
    {
        var table = TabularCsv.Parse("1.5,\"a,\"\"b\"\"\nc\"\n2,d\n3,d\n4,\"a,\"\"b\"\"\nc\"\n", "t.csv");

        Assert.Equal(["a,\"b\"\nc", "d"], table.ClassNames);
    }

    [Theory]
    [InlineData("1.5,10\n1,2\n1,10\n1,2\n", "2", "10")]
    [InlineData("1.5,10.0\n1,2.0\n1,10.0\n1,2.0\n", "2.0", "10.0")]
    [InlineData("1.5,true\n1,false\n1,true\n1,false\n", "false", "true")]
    public void Parse_Classes_AreOrderedByValueWhereTheyAreWholeNumbers(string text, params string[] expected) =>
        Assert.Equal(expected, TabularCsv.Parse(text, "t.csv").ClassNames);

    [Theory]
    [InlineData("size", "column 3 (size)")]
    [InlineData("SIZE", "column 3 (size)")]
    [InlineData("3", "column 3 (size)")]
    [InlineData("last", "column 3 (size)")]
    [InlineData("first", "column 1 (age)")]
    [InlineData("2", "column 2 (class)")]
    public void Parse_LabelColumnGiven_IsTaken(string column, string expected) =>
        Assert.Equal(expected, TabularCsv.Parse("age,class,size\n1,2,7\n3,4,6\n1,2,7\n3,4,6\n", "t.csv", new CsvOptions { LabelColumn = column }).LabelColumn);

    [Theory]
    [InlineData("2")]
    [InlineData("02")]
    public void Parse_LabelColumnBetweenOthersByNumber_IsTaken(string column)
    {
        var table = TabularCsv.Parse("1,7,2\n3,6,4\n1,7,3\n3,6,5\n", "t.csv", new CsvOptions { LabelColumn = column, Header = CsvHeader.No });

        Assert.Equal(("column 2", "6 7"), (table.LabelColumn, string.Join(' ', table.ClassNames)));
    }

    [Fact]
    public void Parse_DigitsWithTheLabelInFront_NamesTheOption()
    {
        var text = string.Concat(Enumerable.Range(0, 40).Select(i => $"{i % 10},{i * 7 % 256},{i * 3 % 256},0\n"));

        Assert.Equal(
            "The label column must hold at least two classes, but column 4 of t.csv holds '0' in every row; --label first takes column 1, which has 10 values.", Message(text));
        Assert.Equal(10, TabularCsv.Parse(text, "t.csv", new CsvOptions { LabelColumn = "first", Header = CsvHeader.No }).ClassNames.Count);
    }

    [Theory]
    [InlineData("", "A CSV data set must have at least one row of data, but t.csv has none.")]
    [InlineData("a,label\n", "A CSV data set must have at least one row of data, but t.csv has none below its header.")]
    [InlineData("1\n2\n", "A CSV data set must have a column of classes and at least one of numbers, but t.csv has 1 column.")]
    [InlineData("1 2 a\n2 3 b\n", "A CSV data set must have a column of classes and at least one of numbers, but t.csv has 1 column: separate its columns by commas, semicolons or tabs, not by spaces.")]
    [InlineData("1,a\n1,2,a\n", "Every row must have the 2 columns of the first, but t.csv, line 2 has 3.")]
    [InlineData("x,label\n1,a,\n", "Every row must have the 2 columns of the first, but t.csv, line 2 has 3, the last of them empty: is there a separator too many at its end?")]
    [InlineData("x,label,\n1,a,\n2,b,\n", "Every column must hold something, but column 3 of t.csv, the last, is empty in every row: remove the separator at the end of each line.")]
    [InlineData("1,\"a\n", "A quoted cell must end with a quote, but the one in t.csv, line 1, column 2 never does.")]
    [InlineData("1,a\n\"2\"3,a\n", "A quoted cell must end at its quote, but the one in t.csv, line 2, column 1 goes on after it.")]
    [InlineData("1,a\n2,b\"c\n", "A quote must stand at both ends of a cell and be doubled inside it, but t.csv, line 2, column 2 has one inside.")]
    [InlineData("# made by hand\n1,a\n", "A CSV file must hold rows alone, but t.csv, line 1 begins with '#': remove its comments.")]
    [InlineData(",x,label\n0,1,a\n1,2,b\n2,3,a\n3,4,b\n", "A column must hold measurements or classes, but column 1 of t.csv has no name and counts the rows: remove it (pandas: to_csv(…, index=False)).")]
    [InlineData("x,x,label\n0,1,a\n1,2,b\n", "Every column must have a name of its own, but columns 1 and 2 of t.csv, line 1 are both 'x': rename one, or say --header no where the row holds data.")]
    [InlineData("x,,label\n0,5,a\n1,2,b\n", "Every column must have a name, but column 2 of t.csv, line 1 has none: name it or remove it.")]
    [InlineData("label,class,x\n0,1,2\n1,0,3\n", "One column must hold the class, but column 1 (label) and column 2 (class) of t.csv are both named as it usually is: choose with --label.")]
    [InlineData("1,5;cat\n1,5;dog\n", "One character must separate the columns, but in t.csv both comma and semicolon may: write numbers with a decimal point, and quote cells that hold the other one.")]
    [InlineData("1,7,1\n2,8,1\n1,7,0\n2,9,0\n", "It must be certain which column holds the class, but in t.csv column 1 may, with 2 values, as well as column 3, with 2: say --label first or --label last.")]
    public void Parse_BadText_SaysWhereAndWhat(string text, string expected) => Assert.Equal(expected, Message(text));

    [Theory]
    [InlineData("?", ": fill it in, or remove the row.")]
    [InlineData("", ": fill it in, or remove the row.")]
    [InlineData("NaN", ": fill it in, or remove the row.")]
    [InlineData("null", ": fill it in, or remove the row.")]
    [InlineData("inf", ": correct it, or remove the row.")]
    [InlineData("1e99", ": write it as a number (one column of 0 and 1 for each word), or remove the column.")]
    [InlineData("red", ": write it as a number (one column of 0 and 1 for each word), or remove the column.")]
    [InlineData("2024-05-01", ": write it as a number (one column of 0 and 1 for each word), or remove the column.")]
    [InlineData("1,5", ": write numbers with a decimal point and without thousands separators.")]
    [InlineData("1.234.567,5", ": write numbers with a decimal point and without thousands separators.")]
    [InlineData("12 345", ": write numbers with a decimal point and without thousands separators.")]
    public void Parse_CellThatIsNoNumber_SaysWhereAndTheRepair(string cell, string repair) =>
        Assert.Equal($"A measurement must be a finite number, but t.csv, line 3, column 2 holds '{cell}'{repair}", Message($"u;v;label\n1;2;a\n3;{cell};b\n5;6;a\n7;8;b\n"));

    [Theory]
    [InlineData("NaN", "Every row must have a class, but t.csv, line 3, column 3 holds 'NaN': fill it in, or remove the row.")]
    [InlineData("", "Every row must have a class, but t.csv, line 3, column 3 holds '': fill it in, or remove the row.")]
    [InlineData("0.5", "A class must be a word or a whole number, but column 3 (label) of t.csv holds '0.5' in line 3.")]
    [InlineData("-inf", "A class must be a word or a whole number, but column 3 (label) of t.csv holds '-inf' in line 3.")]
    [InlineData("A", "A class must be written in one way, but column 3 (label) of t.csv holds 'a' in line 2 and 'A' in line 3: make them equal, or different in more than spaces, case and form of number.")]
    [InlineData("\" a\"", "A class must be written in one way, but column 3 (label) of t.csv holds 'a' in line 2 and ' a' in line 3: make them equal, or different in more than spaces, case and form of number.")]
    [InlineData("1.0", "A class must be written in one way, but column 3 (label) of t.csv holds '1.0' in line 3 and '1' in line 4: make them equal, or different in more than spaces, case and form of number.")]
    public void Parse_BadClass_SaysWhereAndTheRepair(string cell, string expected) =>
        Assert.Equal(expected, Message($"u,v,label\n1.5,2,a\n3,4,{cell}\n5,6,1\n7,8,a\n7,8,1\n7,8,1\n"));

    [Fact]
    public void Parse_AsManyValuesAsRows_IsNoLabelColumn() => Assert.Equal(
        "The label column must hold the same classes again and again, but column 3 (id) of t.csv holds 4 different values in 4 rows; --label first takes column 1 (kind), which has 2 values.",
        Message("kind,x,id\n1,2,10\n1,3,11\n0,4,12\n0,5,13\n"));

    [Fact]
    public void Parse_MoreClassesThanLabelsCanSay_AsksWhetherTheColumnIsRight()
    {
        var text = string.Concat(Enumerable.Range(0, 900).Select(i => $"1.5,{i % 300}\n"));
        Assert.Equal("The label column must hold at most 256 classes, but column 2 of t.csv holds 300 different values.", Message(text));
    }

    [Fact]
    public void Parse_ClassThatIsNotGiven_SaysWhereAndWhat()
    {
        var error = Assert.Throws<DataFormatException>(() => TabularCsv.Parse("1,a\n2,c\n", "t.csv", new CsvOptions { Header = CsvHeader.No, ClassNames = ["a", "b"] }));
        Assert.Equal("The class must be one of a, b, but t.csv, line 2, column 2 holds 'c'.", error.Message);
    }

    [Theory]
    [InlineData("c", "The label column must be one of the columns of t.csv by name or number, but got 'c'; it has a, b.")]
    [InlineData("3", "The label column must be one of the columns of t.csv by name or number, but got '3'; it has a, b.")]
    [InlineData("0", "The label column must be one of the columns of t.csv by name or number, but got '0'; it has a, b.")]
    [InlineData("-1", "The label column must be one of the columns of t.csv by name or number, but got '-1'; it has a, b.")]
    public void Parse_LabelColumnThatIsNotThere_SaysWhatThereIs(string column, string expected)
    {
        var error = Assert.Throws<DataFormatException>(() => TabularCsv.Parse("a,b\n1,2\n", "t.csv", new CsvOptions { LabelColumn = column }));
        Assert.Equal(expected, error.Message);
    }

    [Theory]
    [InlineData("504b0304", "a zip archive (or a workbook of Excel): extract it, or save the sheet as CSV, and give that file.")]
    [InlineData("fd377a585a00", "compressed with xz: unpack it with `xz -d` and give that file.")]
    [InlineData("00000803", "an IDX file: give the folder that holds the four files of images and labels.")]
    public void ReadFile_OtherKind_SaysWhichAndTheRepair(string head, string expected)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("t.csv", [.. Convert.FromHexString(head), 1, 2, 3]);
        Assert.Equal($"A CSV file must be text, but {path} is {expected}", Assert.Throws<DataFormatException>(() => TabularCsv.ReadFile(path)).Message);
    }

    [Fact]
    public void ReadFile_NoUtf8_SaysSo()
    {
        using var folder = new TemporaryFolder();
        var latin = folder.Write("latin.csv", Encoding.Latin1.GetBytes("Größe,label" + Rows));
        var wide = folder.Write("wide.csv", Encoding.Unicode.GetBytes("size,label" + Rows));

        Assert.Contains("must be text in UTF-8", Assert.Throws<DataFormatException>(() => TabularCsv.ReadFile(latin)).Message, StringComparison.Ordinal);
        Assert.Contains("holds a zero byte", Assert.Throws<DataFormatException>(() => TabularCsv.ReadFile(wide)).Message, StringComparison.Ordinal);
    }

    private static string Message(string text) => Assert.Throws<DataFormatException>(() => TabularCsv.Parse(text, "t.csv")).Message;
}

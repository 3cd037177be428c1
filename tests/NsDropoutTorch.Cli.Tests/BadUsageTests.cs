using NsDropoutTorch.Cli.Hosting;
using NsDropoutTorch.Experiments.Layers;

namespace NsDropoutTorch.Cli.Tests;

public sealed class BadUsageTests
{
    public static TheoryData<string, string> Lines => new()
    {
        { "compare --p 1.2", "p must be in [0, 1), but got 1.2." },
        { "compare --p 1", "p must be in [0, 1), but got 1." },
        { "compare --p x", "--p must be a number, but got 'x'." },
        { "compare --layers none,dropuot", $"layer must be one of {string.Join(", ", LayerCatalog.All.Select(kind => kind.Name))}, but got 'dropuot'; the nearest is 'dropout'." },
        { "compare --layers none,dropout:p=1", "p of dropout must be a number in [0, 1), but got '1'." },
        { "compare --layers dropout:q=0.5", "option of dropout must be one of p, but got 'q'; the nearest is 'p'." },
        { "compare --layers none,none", "layers must differ from each other, but got 'none' twice." },
        { "compare --protocol referenc", "protocol must be one of reference, holdout, final, but got 'referenc'; the nearest is 'reference'." },
        { "compare --model mpl", "model must be one of mlp, cnn, rnn, cnn3d, embedding, but got 'mpl'; the nearest is 'mlp'." },
        { "compare --seeds 22,22", "seeds must differ from each other, but got '22' twice." },
        { "compare --epochs 0", "--epochs must be a whole number of at least 1, but got '0'." },
        { "compare --epochs 99999999999", "--epochs must be a whole number of at least 1, but got '99999999999'." },
        { "compare --hidden 12x", "each width of --hidden must be a whole number of at least 1, but got '12x'." },
        { "compare --after 0", "--after must be numbers of hidden layers, counted from 1 and separated by commas, or 'all', but got '0'." },
        { "compare --after 2,every", "--after must be numbers of hidden layers, counted from 1 and separated by commas, or 'all', but got 'every'." },
        { "compare --after 4", "after must hold numbers of hidden layers, of which mlp has 3 here, but got 4." },
        { "compare --lr 0", "learning rate must be a finite number above 0, but got 0." },
        { "compare --threads 0", "--threads must be a whole number of at least 1, but got '0'." },
        { "compare --noise-epochs -1", "--noise-epochs must be a whole number of at least 0 or 'same', but got '-1'." },
        { "compare --preset readmee", "preset must be one of readme, article-cnn, spiral, but got 'readmee'; the nearest is 'readme'." },
        { "compare --init-std -1", "initial std must be a finite number above 0, but got -1." },
        { "compare --l2 -1", "first layer L2 must be a finite number of at least 0, but got -1." },
        { "compare --patience 0", "--patience must be a whole number of at least 1 or 'none', but got '0'." },
        { "compare --standardize maybe", "--standardize must be yes or no, but got 'maybe'." },
        { "compare --jobs 0", "--jobs must be a whole number of at least 1 or 'auto', but got '0'." },
        { "compare --jobs all", "--jobs must be a whole number of at least 1 or 'auto', but got 'all'." },
        { "compare --device gpu", "device must be auto, cpu, cuda or cuda:N, but got 'gpu'." },
        { "compare --layer none", "compare knows no '--layer'; the nearest is '--layers'. See nsdropout --help." },
        { "compare --epochs", "Required argument missing for option: '--epochs'. See nsdropout --help." },
        { "compair", "nsdropout knows no 'compair'; the nearest is 'compare'. See nsdropout --help." },
        { "data verify mnist --quiet", "verify has no options, but got '--quiet'. See nsdropout --help." },
        { "layers --jason", "layers knows no '--jason'; the nearest is '--json'. See nsdropout --help." },
        { "data lst", "data knows no 'lst'; the nearest is 'list'. See nsdropout --help." },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Run_BadUsage_IsOneSentenceOnTheErrorStreamAndExitCodeTwo(string line, string sentence)
    {
        using var sandbox = new Sandbox();

        var outcome = Cli.Run(line.Split(' '));

        Assert.Equal((2, "", sentence + "\n"), (outcome.ExitCode, outcome.Output, outcome.Error));
        Assert.Equal([sandbox["data"]], Directory.EnumerateFileSystemEntries(sandbox.Folder));
    }

    [Fact]
    public void Run_UnknownDataset_SuggestsTheNearestAndCreatesNothing()
    {
        using var sandbox = new Sandbox();

        var outcome = Cli.Run("compare", "--dataset", "mnits", "--out", "results");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("'mnits'", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("the nearest is 'mnist'.", outcome.Error, StringComparison.Ordinal);
        Assert.Equal([sandbox["data"]], Directory.EnumerateFileSystemEntries(sandbox.Folder));
    }

    [Fact]
    public void Run_NoCommand_PointsToTheHelp()
    {
        var outcome = Cli.Run();

        Assert.Equal((2, "Required command was not provided. See nsdropout --help.\n"), (outcome.ExitCode, outcome.Error));
    }

    [Theory]
    [InlineData("-h")]
    [InlineData("compare --help")]
    [InlineData("data -h")]
    public void Run_Help_IsPrintedAndSucceeds(string line)
    {
        var outcome = Cli.Run(line.Split(' '));

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.StartsWith("Description:", outcome.Output, StringComparison.Ordinal);
    }
}

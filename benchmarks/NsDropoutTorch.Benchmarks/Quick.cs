using NsDropoutTorch.Experiments.Runs;
using NsDropoutTorch.Benchmarks.Reports;
using NsDropoutTorch.Benchmarks.Suites;
using TorchSharp;

namespace NsDropoutTorch.Benchmarks;

/// <summary>The quick mode: every suite once, one table, and below it what a reader must know to believe it.</summary>
internal static class Quick
{
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(0.5);

    private static readonly ISuite[] Suites =
        [new StartSuite(), new LayerSuite(), new LabelFreeSuite(), new FastDropoutSuite(), new SiblingSuite(), new GrowthSuite(), new CaptureSuite(), new OptimizerSuite(), new TrainerSuite(), new LoopSuite(), new DataSuite(), new DeviceSuite(), new SweepSuite()];

    /// <summary>Runs the suites whose name begins with one of <paramref name="names"/>, all but the long ones where there are none, and writes the report to <paramref name="output"/> if given.</summary>
    public static void Run(Effort effort, IReadOnlyCollection<string> names, string? output)
    {
        torch.manual_seed(0);
        var environment = RunEnvironment.Describe(Digits.Load(), torch.CPU, DateTimeOffset.UtcNow);
        var remarks = new List<string>();
        Watch("before the start", () => Thread.Sleep(Watched), Say);
        var sections = new List<(string Title, IReadOnlyList<Row> Rows)>();
        foreach (var suite in Suites.Where(suite => names.Count == 0 ? !suite.IsLong : names.Any(name => IsNamed(suite, name))))
        {
            Console.Error.WriteLine($"{suite.Title} …");
            Watch(suite.Title, () => sections.Add((suite.Title, [.. suite.Run(effort with { Say = Say })])), Say);
        }

        var report = Report.Markdown(environment, sections, remarks);
        Console.Write(report);
        if (output is not null) File.WriteAllText(output, report);

        void Say(string remark)
        {
            Console.Error.WriteLine(remark);
            remarks.Add(remark);
        }
    }

    private static void Watch(string period, Action action, Action<string> say)
    {
        var others = new OtherWork();
        action();
        if (others.Warning(period) is { } warning) say(warning);
    }

    private static bool IsNamed(ISuite suite, string name) => suite.GetType().Name.StartsWith(name, StringComparison.OrdinalIgnoreCase);
}

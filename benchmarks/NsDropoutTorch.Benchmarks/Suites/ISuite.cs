namespace NsDropoutTorch.Benchmarks.Suites;

/// <summary>Contests about one subject.</summary>
internal interface ISuite
{
    /// <summary>Heading in the report.</summary>
    string Title { get; }

    /// <summary>Whether it takes minutes, so that it runs only where it is named.</summary>
    bool IsLong => false;

    /// <summary>Runs the contests, a row each as they end.</summary>
    IEnumerable<Row> Run(Effort effort);
}

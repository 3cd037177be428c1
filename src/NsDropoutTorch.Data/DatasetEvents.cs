using System.Diagnostics;

namespace NsDropoutTorch.Data;

/// <summary>
/// What a tool can see of a program from outside, through a <see cref="DiagnosticListener"/> of the name <c>NsDropoutTorch.Data</c>: <c>DatasetLoaded</c> (a
/// <see cref="Dataset"/>, before the program has it). Costs nothing while nobody listens.
/// </summary>
internal static class DatasetEvents
{
    private static readonly DiagnosticListener Listener = new("NsDropoutTorch.Data");

    public static TDataset Loaded<TDataset>(TDataset dataset)
        where TDataset : Dataset
    {
        if (Listener.IsEnabled()) Listener.Write("DatasetLoaded", dataset);
        return dataset;
    }
}

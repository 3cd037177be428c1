using NsDropoutTorch.Experiments;

namespace NsDropoutTorch.Cli.Runs;

/// <summary>What a worker process is told first; the runs follow one by one.</summary>
/// <param name="Settings">What is compared and how.</param>
/// <param name="Dataset">Name or path of the data set.</param>
/// <param name="Data">Folder of data sets; null: the usual places.</param>
/// <param name="Device">Name of the device.</param>
/// <param name="Threads">Threads to compute with.</param>
/// <param name="Models">Folder for trained networks; null: none are kept.</param>
internal sealed record WorkOrder(ComparisonSettings Settings, string Dataset, string? Data, string Device, int Threads, string? Models);

namespace NsDropoutTorch.Data.Tests;

/// <summary>A fact about a real data set; skipped, with the reason, where the folder of NSDROPOUT_DATA does not hold it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealDataFactAttribute : FactAttribute
{
    public RealDataFactAttribute(string dataset)
    {
        Dataset = dataset;
        if (RealData.Folder is not { } folder)
            Skip = $"needs the real {dataset}: set NSDROPOUT_DATA to a data folder (data/README.md)";
        else if (!RealData.Catalog(folder).Find(dataset).IsAvailable)
            Skip = $"needs the real {dataset}, which {folder} (NSDROPOUT_DATA) does not hold";
    }

    public string Dataset { get; }
}

namespace NsDropoutTorch.Training.Data;

/// <summary>What comparing a file with its published checksum says.</summary>
public enum FileState
{
    /// <summary>The checksum is the published one.</summary>
    Verified,

    /// <summary>The checksum is not the published one.</summary>
    Differs,

    /// <summary>No checksum is known for such a file; its format is still checked when it is read.</summary>
    Unknown,

    /// <summary>The file is not there.</summary>
    Missing,
}

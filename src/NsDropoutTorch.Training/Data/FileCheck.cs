namespace NsDropoutTorch.Training.Data;

/// <summary>One file of a data set, compared with its published checksum.</summary>
/// <param name="Dataset">The data set's name.</param>
/// <param name="Path">Where the file is, or should be.</param>
/// <param name="State">What the comparison says.</param>
/// <param name="Expected">The published SHA-256; null where none is known.</param>
/// <param name="Found">The file as it is; null where it is missing.</param>
public sealed record FileCheck(string Dataset, string Path, FileState State, string? Expected, DataFile? Found);

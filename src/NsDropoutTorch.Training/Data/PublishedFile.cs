namespace NsDropoutTorch.Training.Data;

/// <summary>A file of a data set as its publisher made it, or as this project knows a variant of it.</summary>
/// <param name="Name">Path inside the data set's folder, with forward slashes.</param>
/// <param name="Bytes">Length.</param>
/// <param name="Sha256">Hash of the bytes, lower-case hexadecimal.</param>
/// <param name="Urls">Where it can be downloaded, in order of preference; none for a variant.</param>
internal sealed record PublishedFile(string Name, long Bytes, string Sha256, params IReadOnlyList<Uri> Urls);

using NsDropoutTorch.Training.Data;

namespace NsDropoutTorch.Experiments;

/// <summary>The data a comparison ran on, so that a result can be repeated.</summary>
/// <param name="Source">Author, title and licence, or how it was generated.</param>
/// <param name="TrainCount">Samples of the training set, before it is split.</param>
/// <param name="TestCount">Samples of the test set.</param>
/// <param name="Files">The files read, with checksums; empty where the data is generated.</param>
public sealed record DataSource(string Source, int TrainCount, int TestCount, IReadOnlyList<DataFile> Files);

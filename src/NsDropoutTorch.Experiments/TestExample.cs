namespace NsDropoutTorch.Experiments;

/// <summary>A sample of the test set and what a run made of it without labels: an entry of <c>examples</c> of a run in <c>results.json</c>.</summary>
/// <param name="Row">Its row in the test set, from 0.</param>
/// <param name="Label">Its true class.</param>
/// <param name="Predicted">The class predicted.</param>
/// <param name="Confidence">Softmax of the prediction, in [0, 1].</param>
/// <param name="Image">What it looks like; null where the data are no images.</param>
public sealed record TestExample(int Row, int Label, int Predicted, double Confidence, ExampleImage? Image = null);

namespace NsDropoutTorch.Benchmarks.Contestants;

/// <summary>The published layer as plain loops over arrays: class means, the k largest gaps, and each sample times its class's mask.</summary>
internal sealed class ReferenceLoops(float[] input, long[] labels, float[] validationMeans, int features, int classes, int k, float scale)
{
    private readonly float[] _masks = new float[classes * features];
    private readonly float[] _output = new float[input.Length];
    private readonly float[] _gradient = new float[input.Length];

    // Positions of a channel; 1 for plain features.
    private readonly int _area = input.Length / labels.Length / features;

    public float[] Forward()
    {
        for (var label = 0; label < classes; label++) ComputeMask(label);
        Multiply(input, _output);
        return _output;
    }

    public float[] Backward(float[] outputGradient)
    {
        Multiply(outputGradient, _gradient);
        return _gradient;
    }

    private void ComputeMask(int label)
    {
        var gaps = new float[features];
        var count = 0;
        for (var row = 0; row < labels.Length; row++)
        {
            if (labels[row] != label) continue;
            count++;
            for (var i = 0; i < features * _area; i++) gaps[i / _area] += input[(row * features * _area) + i] / _area;
        }

        for (var i = 0; i < features; i++) gaps[i] = (gaps[i] / count) - validationMeans[(label * features) + i];
        var order = Enumerable.Range(0, features).ToArray();
        Array.Sort(gaps, order);
        for (var i = 0; i < features; i++) _masks[(label * features) + order[i]] = i < features - k ? scale : 0;
    }

    private void Multiply(float[] values, float[] products)
    {
        for (var row = 0; row < labels.Length; row++)
        {
            for (var i = 0; i < features * _area; i++)
            {
                var place = (row * features * _area) + i;
                products[place] = values[place] * _masks[(labels[row] * features) + (i / _area)];
            }
        }
    }
}

namespace NsDropoutTorch.Experiments.Tests;

/// <summary>
/// The training loop of the reference notebooks in plain loops and double precision: full batch, ReLU network, mean softmax cross entropy,
/// L2 on the first layer, Adam with decayed rate.
/// </summary>
/// <param name="weights">Per layer, [outputs][inputs]; trained in place.</param>
/// <param name="biases">Per layer; trained in place.</param>
internal sealed class ReferenceTrainingOracle(double[][][] weights, double[][] biases)
{
    private readonly Dictionary<(int Layer, int Unit, int Input), (double M, double V)> moments = [];

    /// <summary>One epoch; returns the mean cross entropy before the step.</summary>
    public double Epoch(double[][] inputs, int[] labels, int epoch, double lr, double decay, double eps, double l2)
    {
        var weightGrads = weights.Select(layer => layer.Select(unit => new double[unit.Length]).ToArray()).ToArray();
        var biasGrads = biases.Select(layer => new double[layer.Length]).ToArray();
        var loss = 0.0;
        for (var n = 0; n < inputs.Length; n++)
        {
            loss += Backward(inputs[n], labels[n], inputs.Length, weightGrads, biasGrads);
        }

        AddL2(weightGrads[0], biasGrads[0], l2);
        Adam(weightGrads, biasGrads, epoch, lr / (1 + (decay * epoch)), eps);
        return loss / inputs.Length;
    }

    private double Backward(double[] input, int label, int count, double[][][] weightGrads, double[][] biasGrads)
    {
        var activations = Forward(input);
        var scores = activations[^1];
        var sum = scores.Sum(Math.Exp);
        var delta = scores.Select((score, j) => ((Math.Exp(score) / sum) - (j == label ? 1 : 0)) / count).ToArray();
        for (var layer = weights.Length - 1; layer >= 0; layer--)
        {
            var below = activations[layer];
            var next = new double[below.Length];
            for (var j = 0; j < delta.Length; j++)
            {
                biasGrads[layer][j] += delta[j];
                for (var i = 0; i < below.Length; i++)
                {
                    weightGrads[layer][j][i] += delta[j] * below[i];
                    next[i] += delta[j] * weights[layer][j][i];
                }
            }

            delta = [.. next.Select((d, i) => below[i] > 0 ? d : 0)];
        }

        return Math.Log(sum) - scores[label];
    }

    private List<double[]> Forward(double[] input)
    {
        var activations = new List<double[]> { input };
        for (var layer = 0; layer < weights.Length; layer++)
        {
            var below = activations[^1];
            var last = layer == weights.Length - 1;
            activations.Add([.. weights[layer].Select((unit, j) =>
            {
                var z = biases[layer][j] + unit.Select((w, i) => w * below[i]).Sum();
                return last ? z : Math.Max(0, z);
            })]);
        }

        return activations;
    }

    private void AddL2(double[][] weightGrads, double[] biasGrads, double l2)
    {
        for (var j = 0; j < biasGrads.Length; j++)
        {
            biasGrads[j] += 2 * l2 * biases[0][j];
            for (var i = 0; i < weightGrads[j].Length; i++)
            {
                weightGrads[j][i] += 2 * l2 * weights[0][j][i];
            }
        }
    }

    private void Adam(double[][][] weightGrads, double[][] biasGrads, int epoch, double rate, double eps)
    {
        for (var layer = 0; layer < weights.Length; layer++)
        {
            for (var j = 0; j < biases[layer].Length; j++)
            {
                biases[layer][j] -= Step((layer, j, -1), biasGrads[layer][j], epoch, rate, eps);
                for (var i = 0; i < weights[layer][j].Length; i++)
                {
                    weights[layer][j][i] -= Step((layer, j, i), weightGrads[layer][j][i], epoch, rate, eps);
                }
            }
        }
    }

    private double Step((int Layer, int Unit, int Input) key, double grad, int epoch, double rate, double eps)
    {
        var (m, v) = moments.GetValueOrDefault(key);
        (m, v) = ((0.9 * m) + (0.1 * grad), (0.999 * v) + (0.001 * grad * grad));
        moments[key] = (m, v);
        return rate * (m / (1 - Math.Pow(0.9, epoch + 1))) / (Math.Sqrt(v / (1 - Math.Pow(0.999, epoch + 1))) + eps);
    }
}

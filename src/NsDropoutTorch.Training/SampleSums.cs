using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// Running sums of the samples of some rows. Means and squared deviations of parts are joined as Chan, Golub and LeVeque do (1983), in Float64, so that a small variance beside a large mean is not cancelled away.
/// </summary>
internal sealed class SampleSums(MonteCarloOptions options)
{
    private long count;
    private ScalarType dtype;
    private Tensor? mean;
    private Tensor? squares;
    private Tensor? entropies;

    /// <summary>Adds outputs of the model for <paramref name="copies"/> copies of <paramref name="rows"/> rows, one copy after another.</summary>
    /// <exception cref="ArgumentException">The outputs do not fit the options.</exception>
    public void Add(Tensor outputs, long copies, long rows)
    {
        Check(outputs, copies * rows);
        var samples = Samples(outputs).reshape([copies, rows, .. outputs.shape[1..]]);
        dtype = samples.dtype;
        var partMean = samples.mean([0], type: ScalarType.Float64);
        var partSquares = samples.sub(partMean.to(dtype)).pow(Scalars.Of(2)).sum(0L, type: ScalarType.Float64);
        var partEntropies = options.Outputs is OutputKind.Values ? null : Entropy(samples, leading: 1).sum(0L, type: ScalarType.Float64);
        if (mean is null)
        {
            (mean, squares, entropies) = (partMean.MoveToOuterDisposeScope(), partSquares.MoveToOuterDisposeScope(), partEntropies?.MoveToOuterDisposeScope());
        }
        else
        {
            var difference = partMean.sub_(mean);
            var part = (double)copies / (count + copies);
            mean.add_(difference, alpha: Scalars.Of(part));
            squares!.add_(partSquares, Scalars.One).add_(difference.pow(Scalars.Of(2)), alpha: Scalars.Of(part * count));
            entropies?.add_(partEntropies!, Scalars.One);
        }

        count += copies;
    }

    public SampleSums MoveToOuterScope()
    {
        mean!.MoveToOuterDisposeScope();
        squares!.MoveToOuterDisposeScope();
        entropies?.MoveToOuterDisposeScope();
        return this;
    }

    public Tensor Mean() => mean!.to(dtype);

    public Tensor Variance() => squares!.div(Scalars.Of(count - 1)).to(dtype);

    /// <summary>The entropy of the mean, and the mean of the entropies; null where samples are no probabilities.</summary>
    public (Tensor OfMean, Tensor Expected)? Entropies() => entropies is null ? null : (Entropy(mean!, leading: 0), entropies.div(Scalars.Of(count)));

    private Tensor Samples(Tensor outputs)
    {
        var wide = outputs.to(NSDropoutMath.StatisticsType(outputs.dtype));
        return options.Outputs switch
        {
            OutputKind.Classes => wide.softmax(options.ClassDimension),
            OutputKind.Binary => wide.sigmoid(),
            _ => wide,
        };
    }

    // Dimensions that lead those of the outputs shift a class dimension that is counted from the front.
    private Tensor Entropy(Tensor probabilities, int leading) => options.Outputs is OutputKind.Classes
        ? Term(probabilities).sum(options.ClassDimension < 0 ? options.ClassDimension : options.ClassDimension + leading).neg_()
        : Term(probabilities).add_(Term(probabilities.neg().add_(Scalars.Of(1), Scalars.One)), Scalars.One).neg_();

    private static Tensor Term(Tensor probabilities) => probabilities.xlogy(probabilities);

    private void Check(Tensor outputs, long rows)
    {
        var shape = string.Join(',', outputs.shape);
        if (outputs.dim() == 0 || outputs.shape[0] != rows)
            throw Require.Broken(Invariant($"a model must give one row of outputs for each row of inputs, but gave [{shape}] for {rows} rows; set MonteCarloOptions.MaxBatch to what it takes, or make rows its first dimension."));
        if (options.Outputs is not OutputKind.Classes) return;
        var dimension = options.ClassDimension < 0 ? options.ClassDimension + outputs.dim() : options.ClassDimension;
        if (dimension < 1 || dimension >= outputs.dim() || outputs.shape[dimension] < 2)
        {
            throw Require.Broken(Invariant($"class logits must have at least two classes in dimension {options.ClassDimension}, but got [{shape}]; ")
                + "take MonteCarloOptions.Outputs = OutputKind.Binary for single logits, OutputKind.Values for a regression, or another ClassDimension.");
        }
    }
}

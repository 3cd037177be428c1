using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>How <see cref="MonteCarlo"/> predicts. Immutable; each value is checked where it is set.</summary>
public sealed record MonteCarloOptions
{
    /// <summary>Class logits, no seed, 1,024 rows at a time.</summary>
    public static MonteCarloOptions Default { get; } = new();

    /// <summary>What the model's outputs are. Default: class logits.</summary>
    /// <exception cref="ArgumentException">The value is no member of the enumeration.</exception>
    public OutputKind Outputs
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw Require.Broken(Invariant($"Outputs must be a member of OutputKind, but got {(int)value}."));
    }

    /// <summary>The dimension of class logits that has the classes; negative counts from the end: 1 for <c>[N,C]</c> and <c>[N,C,H,W]</c>, −1 for tokens <c>[N,T,C]</c>. Default: 1.</summary>
    /// <exception cref="ArgumentException">It is 0, the dimension of the rows.</exception>
    public int ClassDimension { get; init => field = value != 0 ? value : throw Require.Broken("ClassDimension must not be 0, the dimension of the rows; take 1 for [N,C], -1 for [N,T,C]."); } = 1;

    /// <summary>
    /// Seeds the draws of this prediction alone: the same seed, model, inputs, <see cref="MaxBatch"/>, machine and thread count give the same bits, and torch's generator and those that modules have of their own are left where they were. (TorchSharp cannot
    /// read the generators of CUDA devices; there they go on from one draw of the model's.) Null: draws come from torch's generator, which moves on. Default: null.
    /// </summary>
    public long? Seed { get; init; }

    /// <summary>
    /// Rows that the model is given at once, which bounds memory: copies of inputs are fed in batches of at most so many, however many samples there are. About what the model was trained or
    /// evaluated with is a good choice. Default: 1,024.
    /// </summary>
    /// <exception cref="ArgumentException">It is below 1.</exception>
    public long MaxBatch { get; init => field = Require.AtLeast(1, value, nameof(MaxBatch)); } = 1024;

    /// <summary>
    /// Which modules are put into training mode, each by itself; all others, batch normalisation among them, stay in evaluation mode. It is asked about every module, children by themselves. For modules of one's own add to
    /// <see cref="MonteCarlo.IsRandom"/>: <c>module => MonteCarlo.IsRandom(module) || module is MyBlock</c>. Default: null, <see cref="MonteCarlo.IsRandom"/>.
    /// </summary>
    public Func<nn.Module, bool>? IsRandom { get; init; }

    /// <summary>
    /// Whether copies of the inputs share a batch, so that one call of the model gives many samples; false calls it once for each sample. Null: they do where every random module is known to draw for each
    /// row (<see cref="Dropouts.IRandomInTraining.DrawsForEachRow"/>), as TorchSharp's own do; set true for modules of one's own that do too. Default: null.
    /// </summary>
    public bool? CopiesShareBatch { get; init; }
}

/// <summary>What the outputs of a model are, and so what its samples are turned into.</summary>
public enum OutputKind
{
    /// <summary>Logits of classes, <c>[N,C,…]</c>: samples are probabilities, by softmax over <see cref="MonteCarloOptions.ClassDimension"/>.</summary>
    Classes,

    /// <summary>Logits of yes or no, <c>[N,…]</c>, each by itself: samples are probabilities of yes, by the logistic function.</summary>
    Binary,

    /// <summary>Numbers, <c>[N,…]</c>, as in regression: samples are the outputs themselves, and there are no entropies.</summary>
    Values,
}

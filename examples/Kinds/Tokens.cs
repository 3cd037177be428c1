using NsDropoutTorch.Data;
using NsDropoutTorch.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Kinds;

/// <summary>Sequences of tokens, of which each is tagged by what came before it.</summary>
internal static class Tokens
{
    public static (nn.Module Model, string Figures) Run(TrainerOptions common, Callback[] callbacks)
    {
        var test = Sentences(400);

        #region tokens
        var (fit, validation) = Sentences(1000).Split(share: 0.2);
        var model = new Tagger(vocabulary: 5, hidden: 32, classes: 2);
        var options = common with
        {
            Epochs = 25, BatchSize = 32, Objective = Objective.TokenClassification(ignoreIndex: -100),
            Optimizer = parameters => optim.Adam(parameters, 0.01), Clipping = new ClipByNorm(1),
        };
        var result = Trainer.Fit(model, fit, validation, options, callbacks);
        #endregion

        return (model, $"of the test tokens {Trainer.Evaluate(model, test, options.Objective).Error:P1} are tagged wrong, of the validation tokens {result.History[^1].SelectionError:P1}");
    }

    #region sentences
    // A token is tagged 1 where it repeats the one before it; sentences end early, and what follows is padding.
    private static TensorData Sentences(int count)
    {
        var tokens = randint(1, 5, [count, 12], ScalarType.Int64);
        var repeats = cat([zeros(count, 1, ScalarType.Bool), tokens.narrow(1, 1, 11).eq(tokens.narrow(1, 0, 11))], 1);
        var isPadding = arange(12).unsqueeze(0).ge(randint(4, 13, [count, 1], ScalarType.Int64));
        return new(tokens.masked_fill(isPadding, 0), repeats.to(ScalarType.Int64).masked_fill(isPadding, -100));
    }
    #endregion
}

#region tagger
internal sealed class Tagger : nn.Module<Tensor, Tensor>
{
    private readonly Embedding embedding;
    private readonly LSTM lstm;
    private readonly Dropout dropout = nn.Dropout(0.1);
    private readonly Linear output;

    public Tagger(int vocabulary, int hidden, int classes)
        : base(nameof(Tagger))
    {
        (embedding, lstm, output) = (nn.Embedding(vocabulary, hidden), nn.LSTM(hidden, hidden, batchFirst: true), nn.Linear(hidden, classes));
        RegisterComponents();
    }

    // [N,T] to [N,T,C]
    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var (states, _, _) = lstm.call(embedding.call(tokens));
        return output.call(dropout.call(states)).MoveToOuterDisposeScope();
    }
}
#endregion

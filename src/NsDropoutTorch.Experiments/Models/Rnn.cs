using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Models;

/// <summary>
/// A small network that reads an image row by row: GRU with 64 units – [layer] – GRU with 64 units – [layer] – its last step – h₃ – ReLU – [layer] – … – classes.
/// </summary>
internal static class Rnn
{
    public const string FirstLayer = "gru1";

    private const int Units = 64;

    public static nn.Module<Tensor, Tensor> Build(ModelSettings settings)
    {
        var modules = new List<(string, nn.Module<Tensor, Tensor>)> { ("rows", new Rows()) };
        var width = settings.InputShape[0] * settings.InputShape[2];
        foreach (var number in new[] { 1, 2 })
        {
            modules.Add((Invariant($"gru{number}"), new Gru(width, Units)));
            width = Units;
            modules.AddRange(ModelSettings.LayerAfter(number, settings.Regularization.AfterSequences(number, Units)));
        }

        modules.Add(("last", new LastStep()));
        modules.AddRange(Mlp.LinearLayers(settings, Units, first: 3));
        return nn.Sequential([.. settings.InputLayers(), .. modules]);
    }

    /// <summary>Images <c>[N,C,H,W]</c> as sequences of their rows, <c>[N,H,C·W]</c>.</summary>
    private sealed class Rows() : nn.Module<Tensor, Tensor>(nameof(Rows))
    {
        public override Tensor forward(Tensor input)
        {
            using var rows = input.transpose(1, 2);
            return rows.flatten(2);
        }
    }

    /// <summary>The outputs <c>[N,T,F]</c> of a GRU.</summary>
    private sealed class Gru : nn.Module<Tensor, Tensor>
    {
        private readonly GRU gru;

        public Gru(long numInputs, long numFeatures)
            : base(nameof(Gru))
        {
            gru = nn.GRU(numInputs, numFeatures, batchFirst: true);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            // TorchSharp leaves the state that it begins with to the scope.
            using var scope = NewDisposeScope();
            return gru.call(input).Item1.MoveToOuterDisposeScope();
        }
    }

    /// <summary>The last of T steps, <c>[N,F]</c>.</summary>
    private sealed class LastStep() : nn.Module<Tensor, Tensor>(nameof(LastStep))
    {
        public override Tensor forward(Tensor input) => input.select(1, -1);
    }
}

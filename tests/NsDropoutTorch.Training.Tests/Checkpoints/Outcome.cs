using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests.Checkpoints;

/// <summary>What a run left behind: every byte of its parameters and buffers, and its history but for the times.</summary>
internal sealed record Outcome(string State, string History)
{
    public static Outcome Of(nn.Module model, FitResult result) => new(StateOf(model), HistoryOf(result.History) + result.StopReason);

    public static string StateOf(nn.Module model)
    {
        var text = new StringBuilder();
        foreach (var (name, tensor) in model.state_dict())
        {
            using var values = tensor.cpu();
            text.Append(name).Append(' ').Append(Convert.ToHexString(values.bytes)).Append('\n');
        }

        return text.ToString();
    }

    // R prints every double so that it can be told from all others.
    public static string HistoryOf(IEnumerable<EpochRecord> history) => string.Concat(history.Select(record => record with { Seconds = 0 }).Select(record => Invariant(
        $"{record.Epoch} {record.TrainLoss:R} {record.PenaltyLoss:R} {record.TrainError:R} {record.SelectionLoss:R} {record.SelectionError:R} {record.LearningRate:R}{string.Concat(record.LearnedRates.Select(rate => Invariant($" {rate.Key} {rate.Value:R}")))}\n")));
}

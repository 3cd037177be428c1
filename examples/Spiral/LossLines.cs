using NsDropoutTorch.Training;

namespace NsDropoutTorch.Examples;

/// <summary>A line now and then, in the words of the chapter, which counts epochs from 0.</summary>
/// <param name="every">Epochs from one line to the next.</param>
internal sealed class LossLines(int every) : Callback
{
    public override void OnEpochEnd(FitContext context, EpochRecord record)
    {
        if (record.Epoch % every == 0)
        {
            Console.WriteLine(
                $"epoch: {record.Epoch}, acc: {1 - record.TrainError:F3}, loss: {record.TrainLoss + record.PenaltyLoss:F3} "
                + $"(data_loss: {record.TrainLoss:F3}, reg_loss: {record.PenaltyLoss:F3}), lr: {record.LearningRate}");
        }
    }
}

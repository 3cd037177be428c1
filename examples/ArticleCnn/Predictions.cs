using NsDropoutTorch.Data;
using NsDropoutTorch.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Examples;

/// <summary>What a model answers, as the article lists it: the first labels and predictions, then the accuracy with its counts.</summary>
internal static class Predictions
{
    private const int Listed = 16;

    public static void Print(string title, nn.Module<Tensor, Tensor> model, TensorData data)
    {
        using var scope = NewDisposeScope();
        var predicted = Trainer.Predict(model, data.Inputs).argmax(1);
        var right = predicted.eq(data.Labels).sum().ToInt64();
        Console.WriteLine(title);
        Console.WriteLine($"correct: [{First(data.Labels)}]");
        Console.WriteLine($"predict: [{First(predicted)}]");
        Console.WriteLine($"accuracy rate: {100.0 * right / data.Count:F2} % ({right}/{data.Count})");
    }

    private static string First(Tensor classes) => string.Join(' ', classes.narrow(0, 0, Math.Min(Listed, classes.shape[0])).cpu().data<long>());
}

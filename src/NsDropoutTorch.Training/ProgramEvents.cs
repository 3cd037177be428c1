using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// What a tool can see of a program from outside, through a <see cref="DiagnosticListener"/> of the name <c>NsDropoutTorch.Training</c>: <c>StepEnd</c> and <c>FitEnd</c> (the <see cref="FitContext"/>), <c>Outputs</c> (a model in evaluation and its outputs). Costs nothing while nobody listens.
/// The guard of the examples stands on it: shuffled test labels must leave every weight and every label-free output as they are.
/// </summary>
internal static class ProgramEvents
{
    private static readonly DiagnosticListener Listener = new("NsDropoutTorch.Training");

    public static void StepEnd(FitContext context) => Write(nameof(StepEnd), context);

    public static void FitEnd(FitContext context) => Write(nameof(FitEnd), context);

    public static void Outputs(nn.Module model, Tensor outputs)
    {
        if (Listener.IsEnabled()) Listener.Write(nameof(Outputs), (model, outputs));
    }

    private static void Write(string name, object payload)
    {
        if (Listener.IsEnabled()) Listener.Write(name, payload);
    }
}

using System.Text.Json.Nodes;
using NsDropoutTorch.Training;
using static TorchSharp.torch;

namespace NsDropoutTorch.Docs.Tests.Guide;

// What docs/training.md shows of callbacks.
#region stop-at
internal sealed class StopAt(double error) : Callback
{
    public override void OnEpochEnd(FitContext context, EpochRecord record)
    {
        if (record.SelectionError <= error)
        {
            context.RequestStop("the selection error is low enough");
        }
    }
}
#endregion

#region numbered-checkpoints
internal sealed class NumberedCheckpoints(string folder, int everyEpochs) : Callback
{
    public override void OnFitBegin(FitContext context)
    {
        context.RequireSavable();
        Directory.CreateDirectory(folder);
    }

    public override void OnSavePoint(FitContext context, SavePoint point)
    {
        if (point is SavePoint.Epoch && context.Epoch % everyEpochs == 0)
        {
            context.Save(Path.Combine(folder, $"epoch-{context.Epoch}.ckpt"));
        }
    }
}
#endregion

#region slowest-epoch
internal sealed class SlowestEpoch : Callback, IStateful
{
    public double Seconds { get; private set; }

    public string Key => "slowest";

    public override void OnEpochEnd(FitContext context, EpochRecord record) => Seconds = Math.Max(Seconds, record.Seconds);

    public void ResetState() => Seconds = 0;

    public JsonNode SaveState() => new JsonObject { ["seconds"] = Seconds };

    public void LoadState(JsonNode state, IReadOnlyDictionary<string, Tensor> tensors) => Seconds = (double)state["seconds"]!;
}
#endregion

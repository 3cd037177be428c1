using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimizer remembers of one parameter.</summary>
public abstract class OptimizerState
{
    protected Parameter _parameter;

    protected OptimizerState(Parameter parameter) => _parameter = parameter;

    public abstract void SaveStateDict(BinaryWriter writer);

    public abstract void LoadStateDict(BinaryReader reader);

    public abstract void LoadStateDict(OptimizerState source);

    public abstract void Initialize(OptimizerOptions options);

    public virtual bool ApproximatelyEquals(OptimizerState other) => false;

    public virtual void to(Device device)
    {
    }

    protected static void SaveConditionalStateTensor(BinaryWriter writer, Tensor? tensor)
    {
        writer.Write(tensor is not null);
        tensor?.Save(writer);
    }

    protected static void LoadConditionalStateTensor(BinaryReader reader, ref Tensor? result, Device device)
    {
        if (reader.ReadBoolean())
        {
            TensorExtensionMethods.Load(ref result, reader);
            result = result!.to(device, disposeAfter: true).DetachFromDisposeScope();
            return;
        }

        result?.Dispose();
        result = null;
    }

    private protected static bool Same(Tensor? left, Tensor? right) =>
        left is null ? right is null : right is not null && left.allclose(right);

    [return: NotNullIfNotNull(nameof(tensor))]
    private protected static Tensor? Moved(Tensor? tensor, Device device) => tensor?.to(device, disposeAfter: true).DetachFromDisposeScope();

    private protected Tensor Zeros() => zeros_like(_parameter).DetachFromDisposeScope();

    /// <summary>A copy of another optimizer's tensor, where the parameter is, in place of an old one.</summary>
    [return: NotNullIfNotNull(nameof(source))]
    private protected Tensor? Copied(Tensor? source, Tensor? old)
    {
        old?.Dispose();
        return source?.to(_parameter.device, copy: true).DetachFromDisposeScope();
    }
}

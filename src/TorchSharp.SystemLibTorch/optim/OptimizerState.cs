using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimizer remembers of one parameter.</summary>
public abstract class OptimizerState
{
    internal delegate void VisitCount(ref long own, long other);

    internal delegate void VisitTensor(ref Tensor? own, Tensor? other, bool optional = false);

    protected Parameter _parameter;

    protected OptimizerState(Parameter parameter) => _parameter = parameter;

    public abstract void SaveStateDict(BinaryWriter writer);

    public abstract void LoadStateDict(BinaryReader reader);

    public abstract void LoadStateDict(OptimizerState source);

    public abstract void Initialize(OptimizerOptions options);

    public virtual bool ApproximatelyEquals(OptimizerState other)
    {
        if (other?.GetType() != GetType()) return false;
        bool? same = null; // stays so for a class of somebody else's, which lists nothing here
        Each(
            (ref own, theirs) => same = same != false && own == theirs,
            (ref own, theirs, _) => same = same != false && Same(own, theirs),
            other);
        return same ?? false;
    }

    public virtual void to(Device device) =>
        Each(Skip, (ref own, _, _) => own = own?.to(device, disposeAfter: true).DetachFromDisposeScope(), this);

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

    /// <summary>Visits what is remembered, each thing beside another state's, in the order of the state file.</summary>
    private protected virtual void Each(VisitCount count, VisitTensor tensor, OptimizerState other)
    {
    }

    private protected void Save(BinaryWriter writer)
    {
        Each((ref own, _) => writer.Write(own), SaveTensor, this);

        void SaveTensor(ref Tensor? own, Tensor? other, bool optional)
        {
            if (optional) SaveConditionalStateTensor(writer, own);
            else own!.Save(writer);
        }
    }

    private protected void Load(BinaryReader reader)
    {
        Each((ref own, _) => own = reader.ReadInt64(), LoadTensor, this);

        void LoadTensor(ref Tensor? own, Tensor? other, bool optional)
        {
            if (optional) LoadConditionalStateTensor(reader, ref own, _parameter.device);
            else own!.Load(reader);
        }
    }

    /// <summary>Copies another optimizer's state to where the parameter is, in place of the old one.</summary>
    private protected void Copy(OptimizerState source)
    {
        Each((ref own, other) => own = other, CopyTensor, source);

        void CopyTensor(ref Tensor? own, Tensor? other, bool optional)
        {
            own?.Dispose();
            own = other?.to(_parameter.device, copy: true).DetachFromDisposeScope();
        }
    }

    private protected void Release() => Each(Skip, (ref own, _, _) => own?.Dispose(), this);

    private protected Tensor Zeros() => zeros_like(_parameter).DetachFromDisposeScope();

    private static void Skip(ref long own, long other)
    {
    }

    private static bool Same(Tensor? left, Tensor? right) =>
        left is null ? right is null : right is not null && left.allclose(right);
}

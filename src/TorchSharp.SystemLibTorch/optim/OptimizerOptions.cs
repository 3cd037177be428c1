namespace TorchSharp.Modules;

/// <summary>The settings of a parameter group. What is null is taken from the optimizer's defaults when the group is added.</summary>
public class OptimizerOptions
{
    internal delegate void Visit<T>(ref T? own, T? other)
        where T : struct;

    public double? LearningRate { get; set; }

    public double InitialLearningRate { get; set; }

    public virtual void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(InitialLearningRate);
        writer.Write(LearningRate!.Value);
        Each((ref own, _) => writer.Write(own!.Value), (ref own, _) => writer.Write(own!.Value), this);
    }

    public virtual void LoadStateDict(BinaryReader reader)
    {
        InitialLearningRate = reader.ReadDouble();
        LearningRate = reader.ReadDouble();
        Each((ref own, _) => own = reader.ReadDouble(), (ref own, _) => own = reader.ReadBoolean(), this);
    }

    public virtual void LoadStateDict(OptimizerOptions source)
    {
        InitialLearningRate = source.InitialLearningRate;
        LearningRate = source.LearningRate;
        Each((ref own, other) => own = other, (ref own, other) => own = other, source);
    }

    internal void Complete(OptimizerOptions defaults)
    {
        LearningRate ??= defaults.LearningRate;
        Each((ref own, other) => own ??= other, (ref own, other) => own ??= other, defaults);
    }

    internal static void Require(bool valid, string name, double value)
    {
        if (!valid) throw new ArgumentException($"Invalid {name}: {value}");
    }

    /// <summary>Visits the options of one's own class, each beside another's, in the order of the state file.</summary>
    private protected virtual void Each(Visit<double> number, Visit<bool> flag, OptimizerOptions other)
    {
    }
}

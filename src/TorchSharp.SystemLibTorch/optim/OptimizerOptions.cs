namespace TorchSharp.Modules;

/// <summary>The settings of a parameter group. What is null is taken from the optimizer's defaults when the group is added.</summary>
public class OptimizerOptions
{
    public double? LearningRate { get; set; }

    public double InitialLearningRate { get; set; }

    public virtual void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(InitialLearningRate);
        writer.Write(LearningRate!.Value);
    }

    public virtual void LoadStateDict(BinaryReader reader)
    {
        InitialLearningRate = reader.ReadDouble();
        LearningRate = reader.ReadDouble();
    }

    public virtual void LoadStateDict(OptimizerOptions source)
    {
        InitialLearningRate = source.InitialLearningRate;
        LearningRate = source.LearningRate;
    }

    internal virtual void Complete(OptimizerOptions defaults) => LearningRate ??= defaults.LearningRate;

    internal static void Require(bool valid, string name, double value)
    {
        if (!valid) throw new ArgumentException($"Invalid {name}: {value}");
    }
}

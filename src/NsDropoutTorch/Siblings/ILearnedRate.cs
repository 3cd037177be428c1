namespace NsDropoutTorch;

/// <summary>A module that learns its drop rate. Trainers record the rate after each epoch.</summary>
public interface ILearnedRate
{
    /// <summary>The rate now; reading it waits for the device.</summary>
    double p { get; }
}

namespace NsDropoutTorch;

/// <summary>A module whose drop rate may be changed at any time, also in the middle of training; the next call takes the new one.</summary>
/// <remarks>The rate is a setting and no state: it is in no state dictionary, as with TorchSharp's <c>Dropout</c>.</remarks>
public interface IDropRate
{
    /// <summary>Drop rate in [0, 1], or the part of it that the module takes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range; the rate stays as it was.</exception>
    double p { get; set; }
}

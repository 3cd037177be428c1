using System.Text.Json.Serialization;

namespace NsDropoutTorch.Experiments.Audit;

/// <summary>Whether labels reach the answer by way of a layer's masks.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LeakageVerdict>))]
public enum LeakageVerdict
{
    /// <summary>No label moves an answer by more than chance explains.</summary>
    [JsonStringEnumMemberName("clean")]
    Clean,

    /// <summary>Answers follow the mask's label, so scores with masks of the true labels are no scores.</summary>
    [JsonStringEnumMemberName("mask-dependent")]
    MaskDependent,
}

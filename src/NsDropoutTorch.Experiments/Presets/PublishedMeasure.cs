using System.Text.Json.Serialization;

namespace NsDropoutTorch.Experiments.Presets;

/// <summary>What a published figure measures.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PublishedMeasure>))]
public enum PublishedMeasure
{
    /// <summary>Error on the test set without labels.</summary>
    [JsonStringEnumMemberName("testError")]
    TestError,

    /// <summary>Error on the test set with masks of the true labels: leaks.</summary>
    [JsonStringEnumMemberName("testErrorLabelMask")]
    TestErrorLabelMask,

    /// <summary>Mean cross-entropy on the test set without labels.</summary>
    [JsonStringEnumMemberName("testLoss")]
    TestLoss,

    /// <summary>Error in the steps of the last epoch.</summary>
    [JsonStringEnumMemberName("trainError")]
    TrainError,

    /// <summary>Mean cross-entropy in the steps of the last epoch, without penalties.</summary>
    [JsonStringEnumMemberName("trainLoss")]
    TrainLoss,
}

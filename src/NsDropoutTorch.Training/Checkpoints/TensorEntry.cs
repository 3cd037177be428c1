using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>Named tensors in the format of TorchSharp's <c>Module.save</c>: a count, then per entry its name and its tensor.</summary>
internal static class TensorEntry
{
    public static void Write(BinaryWriter writer, Dictionary<string, Tensor> tensors) => nn.Module.save_state_dict(writer, tensors);

    /// <summary>New tensors in host memory; they belong to the caller's dispose scope.</summary>
    public static Dictionary<string, Tensor> Read(Stream stream)
    {
        using var reader = new BinaryReader(stream);
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        for (var remaining = reader.Read7BitEncodedInt64(); remaining > 0; remaining--)
        {
            tensors.Add(reader.ReadString(), TensorExtensionMethods.Load(reader));
        }

        return tensors;
    }

    /// <summary>Those whose names begin with <paramref name="prefix"/>, by the rest of their names.</summary>
    public static Dictionary<string, Tensor> Under(string prefix, IReadOnlyDictionary<string, Tensor> tensors) => tensors
        .Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(entry => entry.Key[prefix.Length..], entry => entry.Value, StringComparer.Ordinal);
}

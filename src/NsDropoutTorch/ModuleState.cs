using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch;

/// <summary>
/// Loads state into any module after checking every name and shape, so that either all of it is loaded or nothing.
/// </summary>
/// <remarks>
/// TorchSharp's <c>load_state_dict</c> of a parent copies into the tensors of its children without asking them, and a copy
/// broadcasts: masks [1, F] load into [C, F] in silence. The layers of this library check what is loaded into them directly; for a
/// model that holds them, load through this class.
/// </remarks>
public static class ModuleState
{
    /// <summary>Copies a state dictionary into a module.</summary>
    /// <param name="module">The module; it needs exactly the names of <paramref name="source"/>.</param>
    /// <param name="source">Tensors by name, as <c>state_dict()</c> gives them; they stay the caller's.</param>
    /// <exception cref="ArgumentException">A name or a shape differs; the message names it, and nothing has been loaded.</exception>
    public static void Load(nn.Module module, Dictionary<string, Tensor> source)
    {
        var target = module.state_dict();
        CheckNames(target, source);
        CheckShapes(target, source, skip: null);
        module.load_state_dict(source);
    }

    /// <summary>Loads a stream written by <c>Module.save</c>, and leaves it open.</summary>
    /// <param name="module">The module; it needs exactly the names in the stream.</param>
    /// <param name="stream">A readable stream.</param>
    /// <exception cref="UserErrorException">The stream holds no such state; a file of PyTorch is named so.</exception>
    /// <exception cref="ArgumentException">A name or a shape differs; the message names it, and nothing has been loaded.</exception>
    public static void Load(nn.Module module, Stream stream)
    {
        Load(module, stream, "the stream");
    }

    /// <summary>Loads a file written by <c>Module.save</c>.</summary>
    /// <param name="module">The module; it needs exactly the names in the file.</param>
    /// <param name="location">The path of the file.</param>
    /// <exception cref="UserErrorException">The file holds no such state; one of PyTorch is named so.</exception>
    /// <exception cref="ArgumentException">A name or a shape differs; the message names it, and nothing has been loaded.</exception>
    public static void Load(nn.Module module, string location)
    {
        using var stream = File.OpenRead(location);
        Load(module, stream, $"'{location}'");
    }

    /// <summary>Reads TorchSharp's format: a count, then per entry its name and its tensor.</summary>
    internal static Dictionary<string, Tensor> Read(BinaryReader reader)
    {
        var state = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        for (var remaining = reader.Read7BitEncodedInt64(); remaining > 0; remaining--)
            state.Add(reader.ReadString(), TensorExtensionMethods.Load(reader));
        return state;
    }

    private static void Load(nn.Module module, Stream stream, string name)
    {
        using var scope = NewDisposeScope();
        if (stream.CanSeek && PyTorchFile.Is(stream))
            throw new UserErrorException(PyTorchFile.Sentence(name));
        using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        Load(module, ReadState(reader, name));
    }

    // TorchSharp's readers throw exceptions of many types on bytes that are no tensor.
    private static Dictionary<string, Tensor> ReadState(BinaryReader reader, string name)
    {
        try
        {
            return Read(reader);
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or ArgumentException or InvalidOperationException or NotSupportedException or NotImplementedException or OverflowException)
        {
            throw new UserErrorException($"a state must be one that TorchSharp's Module.save wrote, but {name} is damaged or some other kind of file.", e);
        }
    }

    internal static void CheckShapes(Dictionary<string, Tensor> target, Dictionary<string, Tensor> source, IList<string>? skip)
    {
        foreach (var (name, tensor) in target)
        {
            if (skip?.Contains(name) == true || !source.TryGetValue(name, out var loaded) || loaded.shape.SequenceEqual(tensor.shape)) continue;
            throw new ArgumentException($"{name} must have shape {Check.Shape(tensor)}, but got {Check.Shape(loaded)}.", nameof(source));
        }
    }

    private static void CheckNames(Dictionary<string, Tensor> target, Dictionary<string, Tensor> source)
    {
        var missing = target.Keys.Except(source.Keys, StringComparer.Ordinal).ToList();
        var unexpected = source.Keys.Except(target.Keys, StringComparer.Ordinal).ToList();
        if (missing.Count + unexpected.Count == 0) return;

        throw new ArgumentException(
            $"the state must hold exactly the names of the module, but {Names(missing)} missing and {Names(unexpected)} unexpected.",
            nameof(source));

        static string Names(List<string> names) => names.Count == 0 ? "none is" : string.Join(", ", names) + (names.Count == 1 ? " is" : " are");
    }
}

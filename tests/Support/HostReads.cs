using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace NsDropoutTorch.Tests.Support;

/// <summary>
/// The methods of a library whose code reads elements of a tensor on the host, or moves one there. On a CUDA device each such call waits for all that the device
/// has still to do. It is read from the compiled code, so no path needs to be run to be seen.
/// </summary>
internal static class HostReads
{
    // Operators too whose result, or its size, the host must read.
    private static readonly HashSet<string> Reading = new(StringComparer.Ordinal)
    {
        "item", "data", "get_bytes", "cpu", "CPU", "tolist", "op_Explicit", "Equals", "equal", "ToString", "str", "cstr", "jlstr", "npstr", "print", "save", "Save",
        "storage", "nonzero", "nonzero_as_list", "argwhere", "masked_select", "unique", "unique_consecutive", "is_nonzero", "allclose", "bincount", "repeat_interleave",
        "ReadCpuValue", "ToScalar", "ToBoolean", "ToByte", "ToSByte", "ToInt16", "ToInt32", "ToInt64", "ToHalf", "ToBFloat16", "ToSingle", "ToDouble",
    };

    /// <summary>Lines "Type.Method: member", ordered.</summary>
    public static IReadOnlyList<string> In(Assembly library)
    {
        using var file = new PEReader(File.OpenRead(library.Location));
        var metadata = file.GetMetadataReader();
        var tokens = metadata.MemberReferences.Where(reference => IsRead(metadata, reference)).ToDictionary(reference => MetadataTokens.GetToken(reference), reference => Name(metadata, reference));
        // A helper of our own reads for its callers.
        foreach (var method in metadata.MethodDefinitions.Where(method => IsHelper(metadata, metadata.GetMethodDefinition(method))))
            tokens.Add(MetadataTokens.GetToken(method), metadata.GetString(metadata.GetMethodDefinition(method).Name));
        for (var row = 1; row <= metadata.GetTableRowCount(TableIndex.MethodSpec); row++)
        {
            // Of a generic method, as data<T>, code names the instance.
            var instance = MetadataTokens.MethodSpecificationHandle(row);
            if (metadata.GetMethodSpecification(instance).Method is { Kind: HandleKind.MemberReference } method && tokens.TryGetValue(MetadataTokens.GetToken(method), out var name))
                tokens.Add(MetadataTokens.GetToken(instance), name);
        }

        return [.. metadata.MethodDefinitions.SelectMany(method => ReadsOf(file, metadata, method, tokens)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> ReadsOf(PEReader file, MetadataReader metadata, MethodDefinitionHandle handle, Dictionary<int, string> tokens)
    {
        var method = metadata.GetMethodDefinition(handle);
        if (method.RelativeVirtualAddress == 0 || Owner(metadata, method) == "Scalars") yield break;
        var code = file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes() ?? [];
        foreach (var (token, name) in tokens)
        {
            if (code.AsSpan().IndexOf(BitConverter.GetBytes(token)) >= 0) yield return $"{Owner(metadata, method)}.{metadata.GetString(method.Name)}: {name}";
        }
    }

    private static bool IsHelper(MetadataReader metadata, MethodDefinition method) =>
        Owner(metadata, method) == "Scalars" && metadata.GetString(method.Name) is "Number" or "IsTrue";

    private static bool IsRead(MetadataReader metadata, MemberReferenceHandle handle) =>
        ParentOf(metadata, handle) is "Tensor" or "TensorExtensionMethods" or "torch" && Reading.Contains(Name(metadata, handle));

    private static string Name(MetadataReader metadata, MemberReferenceHandle handle) => metadata.GetString(metadata.GetMemberReference(handle).Name);

    private static string? ParentOf(MetadataReader metadata, MemberReferenceHandle handle) =>
        metadata.GetMemberReference(handle).Parent is { Kind: HandleKind.TypeReference } parent
            ? metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)parent).Name)
            : null;

    // Code of lambdas and iterators is in classes that the compiler nests.
    private static string Owner(MetadataReader metadata, MethodDefinition method)
    {
        var type = metadata.GetTypeDefinition(method.GetDeclaringType());
        while (!type.GetDeclaringType().IsNil)
            type = metadata.GetTypeDefinition(type.GetDeclaringType());
        return metadata.GetString(type.Name);
    }
}

using Mono.Cecil;
using TorchSharp;

namespace NsDropoutTorch.Docs.Tests.Architecture;

/// <summary>
/// The methods of a library that leave a number to TorchSharp: by an implicit conversion, or by a member of TorchSharp that makes one inside. Nothing refers to such a <see cref="Scalar"/> while native code
/// reads it, and a collection at that moment frees it. Read from the compiled code, of TorchSharp too.
/// </summary>
internal static class LeftScalars
{
    private static readonly Lazy<HashSet<string>> Leaving = new(OfTorchSharp);

    /// <summary>Lines "Type.Method: what leaves it".</summary>
    public static IEnumerable<string> In(System.Reflection.Assembly library) => MethodsOf(library)
        .Where(method => Outermost(method) != "Scalars")
        .SelectMany(method => Calls(method).Where(call => Makes(call) || Leaving.Value.Contains(call.FullName)).Select(call => $"{Outermost(method)}: {call.DeclaringType.Name}.{call.Name}"))
        .Distinct(StringComparer.Ordinal);

    private static bool Makes(MethodReference method) => method.Name == nameof(ScalarExtensionMethods.ToScalar) || (method.DeclaringType.FullName == typeof(Scalar).FullName && method.Name == "op_Implicit");

    // Those that make one, and those that call them.
    private static HashSet<string> OfTorchSharp()
    {
        var methods = MethodsOf(typeof(torch).Assembly).Where(method => !Makes(method) && !method.IsConstructor && method.DeclaringType.Name != nameof(ScalarExtensionMethods)).ToList();
        var leaving = methods.Where(method => Calls(method).Any(Makes)).Select(method => method.FullName).ToHashSet(StringComparer.Ordinal);
        for (var former = 0; former < leaving.Count;)
        {
            former = leaving.Count;
            leaving.UnionWith(methods.Where(method => Calls(method).Any(call => leaving.Contains(call.FullName))).Select(method => method.FullName).ToList());
        }

        return leaving;
    }

    private static IEnumerable<MethodDefinition> MethodsOf(System.Reflection.Assembly library) =>
        ModuleDefinition.ReadModule(library.Location).GetTypes().SelectMany(type => type.Methods);

    // Code of lambdas and iterators is in classes that the compiler nests.
    private static string Outermost(MethodDefinition method)
    {
        var type = method.DeclaringType;
        while (type.DeclaringType is { } outer)
            type = outer;
        return type.Name;
    }

    private static IEnumerable<MethodReference> Calls(MethodDefinition method) =>
        method.HasBody ? method.Body.Instructions.Select(instruction => instruction.Operand).OfType<MethodReference>().Select(called => called.GetElementMethod()) : [];
}

using System.Reflection;
using System.Reflection.Emit;
using TorchSharp;

namespace NsDropoutTorch.Docs.Tests.Architecture;

/// <summary>
/// The methods of a library that leave a number to TorchSharp: by an implicit conversion, or by a member of TorchSharp that makes one inside. Nothing refers to such a <see cref="Scalar"/> while native code
/// reads it, and a collection at that moment frees it. Read from the compiled code, of TorchSharp too.
/// </summary>
internal static class LeftScalars
{
    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    private static readonly Lazy<HashSet<MethodBase>> Leaving = new(OfTorchSharp);

    /// <summary>Lines "Type.Method: what leaves it", ordered.</summary>
    public static IEnumerable<string> In(Assembly library) => MethodsOf(library)
        .Where(method => Outermost(method) != "Scalars")
        .SelectMany(method => Calls(method).Where(call => Makes(call) || Leaving.Value.Contains(call)).Select(call => $"{Outermost(method)}: {call.DeclaringType!.Name}.{call.Name}"))
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal);

    private static bool Makes(MethodBase method) => method.Name == nameof(ScalarExtensionMethods.ToScalar) || (method.DeclaringType == typeof(Scalar) && method.Name == "op_Implicit");

    // Those that make one, and those that call them.
    private static HashSet<MethodBase> OfTorchSharp()
    {
        var calls = MethodsOf(typeof(torch).Assembly)
            .Where(method => !Makes(method) && !method.IsConstructor && method.DeclaringType != typeof(ScalarExtensionMethods))
            .ToDictionary(method => method, method => Calls(method).ToHashSet());
        var leaving = calls.Where(method => method.Value.Any(Makes)).Select(method => method.Key).ToHashSet();
        for (var former = 0; former < leaving.Count;)
        {
            former = leaving.Count;
            leaving.UnionWith(calls.Where(method => method.Value.Overlaps(leaving)).Select(method => method.Key));
        }

        return leaving;
    }

    private static IEnumerable<MethodBase> MethodsOf(Assembly library) => library.GetTypes().SelectMany(type => type
        .GetMembers(BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance)
        .OfType<MethodBase>());

    // Code of lambdas and iterators is in classes that the compiler nests.
    private static string Outermost(MethodBase method)
    {
        var type = method.DeclaringType!;
        while (type.DeclaringType is { } outer)
            type = outer;
        return type.Name;
    }

    private static IEnumerable<MethodBase> Calls(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code) yield break;
        var ofType = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var i = 0; i < code.Length;)
        {
            var first = code[i++];
            var operation = Codes[first == 0xFE ? (short)(0xFE00 | code[i++]) : first];
            if (operation.OperandType == OperandType.InlineMethod && method.Module.ResolveMethod(BitConverter.ToInt32(code, i), ofType, ofMethod) is { } called)
                yield return called;
            i += Length(operation.OperandType, code, i);
        }
    }

    private static int Length(OperandType operand, byte[] code, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
        _ => 4,
    };
}

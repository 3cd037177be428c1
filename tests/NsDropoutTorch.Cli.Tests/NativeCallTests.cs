using System.Reflection;
using NsDropoutTorch.Cli.Commands;
using NsDropoutTorch.Experiments;
using NsDropoutTorch.Training;

namespace NsDropoutTorch.Cli.Tests;

public sealed class NativeCallTests
{
    [Fact]
    public void Product_CallsNativeFunctions_InOneFileAlone()
    {
        Assembly[] product = [typeof(NSDropout).Assembly, typeof(Trainer).Assembly, typeof(Comparison).Assembly, typeof(CommandLine).Assembly];

        var callers = product
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.GetMethods(BindingFlags.DeclaredOnly | BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .Any(method => method.Attributes.HasFlag(MethodAttributes.PinvokeImpl)));

        Assert.Equal([typeof(NativeDefaults)], callers);
    }
}

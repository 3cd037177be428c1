using System.Reflection;
using System.Xml.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

/// <summary>The rules of the house, asked of every layer there is.</summary>
public class ConventionTests
{
    private static readonly Assembly Library = typeof(NSDropout).Assembly;

    public static TheoryData<Type> Layers() => [.. Library.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(nn.Module)) && !type.IsAbstract)];

    [Fact]
    public void Layers_AreFound() => Assert.True(Layers().Count >= 2);

    [Theory, MemberData(nameof(Layers))]
    public void Layer_IsSealed(Type layer) => Assert.True(layer.IsSealed);

    [Theory, MemberData(nameof(Layers))]
    public void Layer_IsAModuleOfOneTensor(Type layer) => Assert.True(layer.IsSubclassOf(typeof(nn.Module<Tensor, Tensor>)));

    [Theory, MemberData(nameof(Layers))]
    public void Layer_HasAFactoryOfItsNameWithTheConstructorsParameters(Type layer)
    {
        var factory = Library.GetExportedTypes()
            .Where(type => type is { IsAbstract: true, IsSealed: true })
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Single(method => method.ReturnType == layer && string.Equals(method.Name, layer.Name, StringComparison.Ordinal));
        Assert.Equal(Parameters(layer.GetConstructors().Single()), Parameters(factory));

        static string Parameters(MethodBase method) =>
            string.Join(", ", method.GetParameters().Select(p => $"{p.ParameterType} {p.Name} = {p.DefaultValue}"));
    }

    [Theory, MemberData(nameof(Layers))]
    public void Layer_HasNoTensorFields(Type layer)
    {
        // Module registration would make a persistent buffer of each.
        for (var type = layer; type != typeof(nn.Module<Tensor, Tensor>); type = type!.BaseType)
        {
            Assert.DoesNotContain(
                type!.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly),
                field => typeof(Tensor).IsAssignableFrom(field.FieldType));
        }
    }

    /// <summary>State and arguments of a module are written as PyTorch writes them, all else as .NET does.</summary>
    [Theory, MemberData(nameof(Layers))]
    public void Layer_StateAndArgumentsAreSnakeCase_MethodsAndModesArePascalCase(Type layer)
    {
        var make = layer.GetConstructors().Single();
        using var module = (nn.Module)make.Invoke([.. make.GetParameters().Select(Argument)]);
        var states = module.state_dict().Keys.Concat(make.GetParameters().Select(parameter => parameter.Name!)).ToHashSet(StringComparer.Ordinal);
        var own = Declared(layer).ToArray();

        Assert.All(own.OfType<PropertyInfo>(), property => Assert.Matches(states.Contains(property.Name) || TensorState.Contains(property.Name) ? "^[a-z][a-z0-9_]*$" : "^[A-Z]", property.Name));
        Assert.All(own.OfType<MethodInfo>().Where(method => !method.IsSpecialName && method.GetBaseDefinition() == method && method.Name != "forward"), method => Assert.Matches("^[A-Z][A-Za-z0-9]*$", method.Name));
        Assert.All(make.GetParameters(), parameter => Assert.Matches(OfLinear.Contains(parameter.Name!, StringComparer.Ordinal) ? "^[a-z]" : "^[a-z][a-z0-9_]*$", parameter.Name!));
    }

    // As TorchSharp's own nn.Linear has them.
    private static readonly string[] OfLinear = ["inputSize", "outputSize", "hasBias"];

    // Buffers that are there with some options alone, sizes under the names that TorchSharp's own layers give them, and PyTorch's word for where draws come from.
    private static readonly string[] TensorState = ["training_means", "drop_rates", "in_features", "out_features", "generator"];

    private static object? Argument(ParameterInfo parameter) =>
        parameter.HasDefaultValue ? parameter.DefaultValue : parameter.ParameterType == typeof(long) ? 4L : torch.nn.Linear(4, 4);

    private static IEnumerable<MemberInfo> Declared(Type layer)
    {
        for (var type = layer; type != typeof(nn.Module<Tensor, Tensor>); type = type!.BaseType)
        {
            foreach (var member in type!.GetMembers(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)) yield return member;
        }
    }

    [Fact]
    public void PublicTypesAndMembers_AreDocumented()
    {
        var documented = XDocument.Load(Path.ChangeExtension(Library.Location, ".xml"))
            .Descendants("member")
            .Select(member => member.Attribute("name")!.Value)
            .ToHashSet(StringComparer.Ordinal);
        Assert.All(Library.GetExportedTypes().Where(type => !type.IsNested), type => Assert.Contains($"T:{type.FullName}", documented));
    }
}

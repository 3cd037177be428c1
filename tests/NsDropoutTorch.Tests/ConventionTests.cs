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

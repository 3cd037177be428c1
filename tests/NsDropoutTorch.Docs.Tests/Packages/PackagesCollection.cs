namespace NsDropoutTorch.Docs.Tests.Packages;

/// <summary>Tests of packages take the same ones.</summary>
[CollectionDefinition(Name)]
public sealed class PackagesCollection : ICollectionFixture<PackedFiles>
{
    public const string Name = "packages";
}

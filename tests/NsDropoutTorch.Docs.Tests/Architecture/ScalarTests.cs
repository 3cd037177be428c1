using System.Reflection;

namespace NsDropoutTorch.Docs.Tests.Architecture;

/// <summary>Numbers live until the operator that they are given has read them (src/Shared/Scalars.cs).</summary>
public sealed class ScalarTests
{
    [Fact]
    public void Libraries_LeaveNoNumberToTorchSharp_ButWhereItHasNoOtherForm()
    {
        string[] meant =
        [
            "ConcreteDropoutMath: functional.softplus",
            "FusedAdam: Adam.step", // TorchSharp's own step, where a gradient cannot be taken by libtorch's
            "FusedAdamW: AdamW.step",
            "FusedSGD: SGD.step",
            "FusedStep: CompilationUnit.invoke", // makes those of bare numbers; it is given scalars
            "LowPrecision: CompilationUnit.invoke", // tensors alone
        ];

        Assert.Equal(meant, ArchitectureTests.Assemblies.SelectMany(LeftScalars.In).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void LeftNumber_PlantedOnes_AreFound() => Assert.Superset(
        new HashSet<string>(StringComparer.Ordinal) { "Numbers: Scalar.op_Implicit", "Numbers: Tensor.add", "Numbers: Tensor.op_Addition", "Numbers: TensorExtensionMethods.ToDouble", "Numbers: Tensor.square" },
        LeftScalars.In(Assembly.GetExecutingAssembly()).ToHashSet(StringComparer.Ordinal));
}

using System.Diagnostics.CodeAnalysis;

[assembly: SuppressMessage("Design", "MA0017", Justification = "TorchSharp's abstract losses and norms have public constructors.")]
[assembly: SuppressMessage("Naming", "CA1715", Justification = "TorchSharp names the type parameters of its data loader T and S.")]

using System.Diagnostics.CodeAnalysis;

[assembly: SuppressMessage("Design", "MA0017", Justification = "TorchSharp's abstract losses and norms have public constructors.")]

using Microsoft.DotNet.Interactive;

namespace NsDropoutTorch.Notebooks.Tests.Kernels;

/// <summary>The C# kernel of .NET Interactive, wherever it runs.</summary>
internal interface INotebookKernel : IDisposable
{
    /// <summary>Runs the code of a cell, which sees the cells before it.</summary>
    Task<KernelCommandResult> SubmitAsync(string code);
}

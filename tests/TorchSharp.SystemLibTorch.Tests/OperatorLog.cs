using TorchSharp.Native;

namespace TorchSharp.SystemLibTorch.Tests;

/// <summary>Every operator called while it is open, and which of them read a device from the host or moved data to it.</summary>
internal sealed class OperatorLog : IDisposable
{
    // Operators whose result, or its size, the host must read.
    private static readonly HashSet<string> WaitsForTheDevice =
        new(StringComparer.Ordinal) { "_local_scalar_dense", "equal", "allclose", "nonzero", "masked_select" };

    private readonly List<string> _called = [];
    private readonly List<string> _hostReads = [];

    public OperatorLog() => Operator.Observer = Record;

    public IReadOnlyList<string> Called => _called;

    public IReadOnlyList<string> HostReads => _hostReads;

    public void Dispose() => Operator.Observer = null;

    private void Record(string name, ReadOnlySpan<Argument> arguments)
    {
        _called.Add(name);
        if (WaitsForTheDevice.Contains(name) || (name is "to" or "_to_copy" && NamesTheHost(arguments))) _hostReads.Add(name);
    }

    private static bool NamesTheHost(ReadOnlySpan<Argument> arguments)
    {
        foreach (ref readonly var argument in arguments)
        {
            if (argument.Tag == Tag.Device && argument.Bits == torch.CPU.Packed) return true;
        }

        return false;
    }
}

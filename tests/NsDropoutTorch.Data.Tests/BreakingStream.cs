namespace NsDropoutTorch.Data.Tests;

/// <summary>Gives a few bytes, then fails as a lost connection does.</summary>
internal sealed class BreakingStream(int bytesBefore) : MemoryStream(new byte[bytesBefore])
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Position < Length ? base.ReadAsync(buffer, cancellationToken) : throw new IOException("connection lost");
}

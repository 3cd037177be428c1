namespace NsDropoutTorch.Training.Data;

/// <summary>Bytes that were read from a stream to look at them, and then the rest of it.</summary>
internal sealed class PrefixedStream(byte[] head, Stream rest) : ReadOnlyStream
{
    private int position;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (position == head.Length)
            return rest.Read(buffer);
        var count = Math.Min(buffer.Length, head.Length - position);
        head.AsSpan(position, count).CopyTo(buffer);
        position += count;
        return count;
    }
}

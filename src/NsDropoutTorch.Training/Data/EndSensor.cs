namespace NsDropoutTorch.Training.Data;

/// <summary>A stream that remembers whether somebody asked for more than there was.</summary>
internal sealed class EndSensor(Stream stream) : ReadOnlyStream
{
    /// <summary>Whether a read came to the end.</summary>
    public bool HasEnded { get; private set; }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var count = stream.Read(buffer);
        HasEnded |= count == 0 && buffer.Length > 0;
        return count;
    }
}

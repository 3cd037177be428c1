namespace NsDropoutTorch.Experiments;

/// <summary>A small picture.</summary>
/// <param name="Channels">C: 1 for grey, 3 for red, green and blue.</param>
/// <param name="Height">H.</param>
/// <param name="Width">W.</param>
/// <param name="Pixels">Intensities from 0 to 255, shape [C,H,W]; base64 in JSON.</param>
public sealed record ExampleImage(int Channels, int Height, int Width, byte[] Pixels);

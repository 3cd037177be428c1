using System.Buffers.Binary;
using NsDropoutTorch.Experiments.Runs;

namespace NsDropoutTorch.Experiments.Charts;

/// <summary>Small pictures as uncompressed bitmaps: every browser shows them, and the same pixels are the same bytes under every version of .NET.</summary>
internal static class Bitmap
{
    private const int FileHeader = 14;
    private const int InfoHeader = 40;
    private const int BytesPerPixel = 3;

    /// <summary>The picture as a <c>data:</c> address; null where its numbers do not fit together.</summary>
    public static string? DataUri(ExampleImage image) =>
        image is { Channels: 1 or 3, Height: > 0, Width: > 0 } && image.Pixels.LongLength == (long)image.Channels * image.Height * image.Width
            ? "data:image/bmp;base64," + Convert.ToBase64String(Encode(image))
            : null;

    private static byte[] Encode(ExampleImage image)
    {
        // Rows are filled up to a multiple of four bytes and go from the bottom up.
        var stride = ((image.Width * BytesPerPixel) + 3) / 4 * 4;
        var file = new byte[FileHeader + InfoHeader + (stride * image.Height)];
        WriteHeaders(file, image.Width, image.Height);
        for (var y = 0; y < image.Height; y++)
        {
            var row = file.AsSpan(FileHeader + InfoHeader + ((image.Height - 1 - y) * stride), stride);
            for (var x = 0; x < image.Width; x++)
            {
                for (var channel = 0; channel < BytesPerPixel; channel++)
                {
                    // Blue, green, red.
                    row[(x * BytesPerPixel) + channel] = Pixel(image, image.Channels == 1 ? 0 : BytesPerPixel - 1 - channel, y, x);
                }
            }
        }

        return file;
    }

    private static byte Pixel(ExampleImage image, int channel, int y, int x) => image.Pixels[(((channel * image.Height) + y) * image.Width) + x];

    private static void WriteHeaders(Span<byte> file, int width, int height)
    {
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file[2..], file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file[10..], FileHeader + InfoHeader);
        BinaryPrimitives.WriteInt32LittleEndian(file[14..], InfoHeader);
        BinaryPrimitives.WriteInt32LittleEndian(file[18..], width);
        BinaryPrimitives.WriteInt32LittleEndian(file[22..], height);
        BinaryPrimitives.WriteInt16LittleEndian(file[26..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(file[28..], BytesPerPixel * 8);
    }
}

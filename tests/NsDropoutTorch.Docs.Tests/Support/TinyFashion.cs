using System.Buffers.Binary;
using System.IO.Compression;

namespace NsDropoutTorch.Docs.Tests.Support;

/// <summary>A few images in the files of Fashion-MNIST: class c has a bright row c·2, the rest is noise.</summary>
internal static class TinyFashion
{
    public const int TrainCount = 160;
    public const int TestCount = 40;
    private const int Side = 28;

    /// <summary>Writes the files as torchvision downloads them, <c>FashionMNIST/raw/….gz</c>.</summary>
    /// <param name="root">The data folder.</param>
    /// <param name="turnsTestLabels">Whether each test image has the label of the class after its own.</param>
    public static void WriteCompressed(string root, bool turnsTestLabels = false) =>
        Write(Path.Combine(root, "FashionMNIST", "raw"), ".gz", static file => new GZipStream(file, CompressionLevel.Fastest), turnsTestLabels);

    /// <summary>Writes the files where TorchVision of TorchSharp reads them, <c>fashion-mnist/test_data</c>.</summary>
    /// <param name="root">The data folder.</param>
    public static void WritePlain(string root) => Write(Path.Combine(root, "fashion-mnist", "test_data"), "", static file => file);

    /// <summary>The class of an image.</summary>
    /// <param name="index">Its number in its part.</param>
    public static byte LabelOf(int index) => (byte)(index * 7 % 10);

    private static void Write(string folder, string ending, Func<Stream, Stream> pack, bool turnsTestLabels = false)
    {
        Directory.CreateDirectory(folder);
        foreach (var (part, count) in new[] { ("train", TrainCount), ("t10k", TestCount) })
        {
            var labels = Enumerable.Range(0, count).Select(LabelOf).ToArray();
            Write($"{part}-labels-idx1-ubyte", 0x801, [count], turnsTestLabels && part == "t10k" ? [.. labels.Select(label => (byte)((label + 1) % 10))] : labels);
            Write($"{part}-images-idx3-ubyte", 0x803, [count, Side, Side], [.. labels.SelectMany(Image)]);
        }

        void Write(string name, int magic, int[] sizes, byte[] bytes)
        {
            using var file = File.Create(Path.Combine(folder, name + ending));
            using var packed = pack(file);
            foreach (var number in (int[])[magic, .. sizes])
            {
                var big = new byte[4];
                BinaryPrimitives.WriteInt32BigEndian(big, number);
                packed.Write(big);
            }

            packed.Write(bytes);
        }
    }

    private static byte[] Image(byte label, int index)
    {
        var pixels = new byte[Side * Side];
        new Random(index).NextBytes(pixels);
        return Array.ConvertAll(pixels.Index().ToArray(), pixel => (byte)(pixel.Index / Side == 2 * label + 4 ? 255 : pixel.Item / 4));
    }
}

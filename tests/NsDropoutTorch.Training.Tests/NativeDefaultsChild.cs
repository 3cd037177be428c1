using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

/// <summary>The test assembly as a program that applies native defaults and says what became of them: they are set once in the life of a process.</summary>
internal static partial class NativeDefaultsChild
{
    public const string Argument = "native-defaults";

    private const int Bytes = 24 << 20;

    /// <summary>Prints what became of the defaults, whether a second call says the same, and what glibc does with tensors.</summary>
    /// <param name="when"><c>first</c>: before torch is touched; <c>late</c>: after; <c>fit</c>: by the trainer; <c>off</c>: first, with the switch off.</param>
    public static void Run(string when)
    {
        if (when == "off")
        {
            AppContext.SetSwitch(NativeDefaults.SwitchName, false);
        }

        if (when == "late")
        {
            zeros(1).Dispose();
        }

        if (when == "fit")
        {
            Checkpoints.Job.Run();
        }
        else
        {
            NativeDefaults.Apply();
        }

        PrintMemory();
        var applied = NativeDefaults.Apply();
        Console.WriteLine($"{applied.WaitPolicy} {applied.TrimThreshold} {applied.MmapThreshold} {ReferenceEquals(applied, NativeDefaults.Apply())}");
    }

    // Whether glibc maps a tensor of that size outside its heap, and whether its heap shrinks when pieces of it are free.
    private static void PrintMemory()
    {
        zeros(1).Dispose();
        var before = mallinfo2();
        using (empty(Bytes, ScalarType.Byte))
        {
            Console.WriteLine($"maps {mallinfo2().MappedBytes - before.MappedBytes >= Bytes}");
        }

        Console.WriteLine($"shrinks {Enumerable.Range(0, 50).Any(_ => Shrinks())}");
    }

    // What others allocate meanwhile may lie behind the pieces, and then the heap cannot shrink.
    private static unsafe bool Shrinks()
    {
        var pieces = stackalloc[] { NativeMemory.Alloc(Bytes), NativeMemory.Alloc(Bytes), NativeMemory.Alloc(Bytes) };
        var before = mallinfo2().HeapBytes;
        for (var i = 0; i < 3; i++)
        {
            NativeMemory.Free(pieces[i]);
        }

        return mallinfo2().HeapBytes < before;
    }

    [LibraryImport("libc.so.6")]
    private static partial Mallinfo2 mallinfo2();

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Mallinfo2
    {
        public readonly nint HeapBytes;

        private readonly nint ordinaryBlocks, fastBlocks, mappings;

        public readonly nint MappedBytes;

        private readonly nint highest, fastBytes, usedBytes, freeBytes, freeBytesAtTheEnd;
    }
}

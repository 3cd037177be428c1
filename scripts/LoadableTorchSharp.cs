#!/usr/bin/env dotnet
// Makes a copy of TorchSharp's library for Linux that loads on Debian 12 and Ubuntu 22.04:
//
//     dotnet run scripts/LoadableTorchSharp.cs -- ORIGINAL COPY
//
// The library asks libstdc++ for the version GLIBCXX_3.4.32, which came with GCC 13. All that has this version is one marker symbol, and nothing refers to it.
// The copy has the flag "weak" on that one demand, so the loader lets it go unmet. docs/troubleshooting.md says the same for people who use the packages.
#:property PublishAot=false
#:property NuGetAudit=false
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

const string KnownHash = "cf33b1b0bb6bbb9754a768fb5c5d04d9f498603be50e73f55621a0b40ee608b8"; // linux-x64, TorchSharp 0.107.0
const string Version = "GLIBCXX_3.4.32";
const string Marker = "_ZSt21ios_base_library_initv";

if (args is not [var original, var copy])
{
    Console.Error.WriteLine("Two paths are needed, the original and the copy to make, but got " + args.Length + ".");
    return 2;
}

var bytes = File.ReadAllBytes(original);
var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
if (hash != KnownHash) return Refuse($"must be the file of TorchSharp 0.107.0 for linux-x64 (SHA-256 {KnownHash}), but it has SHA-256 {hash}");

var elf = new Elf(bytes);
if (elf.FindDemand(Version) is not { } demand) return Refuse($"must ask for {Version}, but it does not");
var bound = elf.SymbolsOf(demand.Index);
if (bound is not [{ Name: Marker } marker]) return Refuse($"must have {Version} for {Marker} alone, but has it for {string.Join(", ", bound.Select(symbol => symbol.Name))}");
if (elf.IsRelocated(marker.Number)) return Refuse($"must not refer to {Marker}, but a relocation does");

const byte weak = 2; // VER_FLG_WEAK
bytes[demand.FlagsOffset] |= weak;
Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(copy))!);
File.WriteAllBytes(copy + ".new", bytes);
File.Move(copy + ".new", copy, overwrite: true);
Console.WriteLine($"made a copy of libLibTorchSharp.so that needs no {Version}, which this machine's libstdc++ may not have: byte {demand.FlagsOffset:N0} is {bytes[demand.FlagsOffset]} in place of 0.");
return 0;

int Refuse(string what)
{
    Console.Error.WriteLine($"{original} {what}. No copy was made; use the version in build/Torch.props, or a system with libstdc++ of GCC 13 or later (Debian 13, Ubuntu 24.04).");
    return 1;
}

/// <summary>What the loader reads of a 64-bit little-endian ELF file: versions demanded, symbols and relocations.</summary>
internal sealed class Elf(byte[] bytes)
{
    private const int SectionHeaderSize = 64, SymbolSize = 24, RelocationSize = 24;
    private const uint SymbolTable = 11, Relocations = 4, VersionDemands = 0x6ffffffe, SymbolVersions = 0x6fffffff;

    public (int Index, int FlagsOffset)? FindDemand(string version)
    {
        var section = Section(VersionDemands);
        var names = Linked(section);
        for (var need = section.Offset; ; need += Int32(need + 12))
        {
            var entry = need + Int32(need + 8);
            for (var left = Int16(need + 2); left > 0; left--, entry += Int32(entry + 12))
            {
                if (Text(names.Offset + Int32(entry + 8)) == version) return (Int16(entry + 6), entry + 4);
            }

            if (Int32(need + 12) == 0) return null;
        }
    }

    public IReadOnlyList<(int Number, string Name)> SymbolsOf(int versionIndex)
    {
        var (versions, symbols) = (Section(SymbolVersions), Section(SymbolTable));
        var names = Linked(symbols);
        return [.. Enumerable.Range(0, versions.Size / 2)
            .Where(number => Int16(versions.Offset + (2 * number)) == versionIndex)
            .Select(number => (number, Text(names.Offset + Int32(symbols.Offset + (number * SymbolSize)))))];
    }

    public bool IsRelocated(int symbol) => Sections().Where(section => section.Type == Relocations).Any(section =>
        Enumerable.Range(0, section.Size / RelocationSize).Any(i => Int32(section.Offset + (i * RelocationSize) + 12) == symbol));

    private Header Section(uint type) => Sections().Single(section => section.Type == type);

    private Header Linked(Header section) => Sections().ElementAt(section.Link);

    private IEnumerable<Header> Sections() => Enumerable.Range(0, Int16(60)).Select(i =>
    {
        var at = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(40)) + (i * SectionHeaderSize);
        return new Header((uint)Int32(at + 4), Int32(at + 24), Int32(at + 32), Int32(at + 40));
    });

    private int Int16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(offset));

    private int Int32(int offset) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(offset));

    private string Text(int offset) => Encoding.ASCII.GetString(bytes.AsSpan(offset, bytes.AsSpan(offset).IndexOf((byte)0)));

    private sealed record Header(uint Type, int Offset, int Size, int Link);
}

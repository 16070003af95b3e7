using System.Text;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog.Tests.Wire;

/// <summary>One object in both forms, and its schema.</summary>
internal sealed record WireVector(string Name, SchemaType Type, byte[] Protobuf, byte[] Json)
{
    public static IReadOnlyList<WireVector> All { get; } = [.. ReadLines()];

    public static WireVector Of(string name) => All.First(v => v.Name == name);

    /// <summary>The canonical bytes of any JSON of a type, as text.</summary>
    public static string Canonical(byte[] json, SchemaType type)
    {
        Assert.True(SchemaDecoder.Decode(json, type).TryGet(out var decoded, out var failure), failure?.Message);
        return Encoding.UTF8.GetString(SchemaEncoder.Encode(decoded.Json, type, emptyIsNull: true));
    }

    private static IEnumerable<WireVector> ReadLines()
    {
        using var stream = typeof(WireVector).Assembly.GetManifestResourceStream("wire.tsv")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            var parts = line.Split('\t');
            yield return new(parts[0], BuiltInCatalog.Types.Get(parts[1]), Convert.FromBase64String(parts[2]), Encoding.UTF8.GetBytes(parts[3]));
        }
    }
}

using System.Text.Json;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog;

/// <summary>The resources that every server has, read from the data that is embedded in this assembly.</summary>
public static class BuiltInCatalog
{
    private static readonly Lazy<SchemaLibrary> LazyTypes = new(LoadTypes);

    /// <summary>All built-in types by definition, those that no resource uses among them (Status, Table, DeleteOptions …).</summary>
    public static SchemaLibrary Types => LazyTypes.Value;

    /// <summary>The same types in a library of their own, for who reads them all once and lets go of them.</summary>
    public static SchemaLibrary LoadTypes() => new(ReadData("types.txt"));

    /// <summary>Reads the catalog: a few milliseconds. Types are read later, when something needs them.</summary>
    public static ResourceCatalog Load()
    {
        using var document = JsonDocument.Parse(ReadData("resources.json"));
        var root = document.RootElement;
        return new ResourceCatalogReader(Types).Read(root);
    }

    /// <summary>The type of a definition in meta/v1: <c>DeleteOptions</c>, <c>Status</c> …</summary>
    public static SchemaType MetaType(string name) => Types.Get("io.k8s.apimachinery.pkg.apis.meta.v1." + name);

    private static byte[] ReadData(string name)
    {
        using var stream = typeof(BuiltInCatalog).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The data {name} is not embedded.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

using System.Diagnostics.CodeAnalysis;
using Pilothouse.Cel;

namespace Pilothouse.Catalog;

/// <summary>
/// The types that expressions of mutating policies construct: <c>Object{spec: Object.spec{…}}</c>, whose fields may be called
/// anything, and <c>JSONPatch{op: "add", …}</c>.
/// </summary>
public static class PatchTypes
{
    private const string ObjectName = "Object";

    /// <summary>An apply configuration.</summary>
    public static CelStructType Object { get; } = new ObjectType(ObjectName);

    /// <summary>One operation of a JSON patch.</summary>
    public static CelStructType JsonPatch { get; } = new JsonPatchType();

    internal static CelType? Find(string name) => name == "JSONPatch" ? JsonPatch
        : name == ObjectName ? Object
        : name.StartsWith(ObjectName + ".", StringComparison.Ordinal) ? new ObjectType(name)
        : null;

    private sealed class ObjectType(string name) : CelStructType(name)
    {
        public override bool Constructible => true;

        public override bool TryGetField(string name, [NotNullWhen(true)] out CelType? type)
        {
            type = CelType.Dyn;
            return true;
        }
    }

    private sealed class JsonPatchType() : CelStructType("JSONPatch")
    {
        public override bool Constructible => true;

        public override bool TryGetField(string name, [NotNullWhen(true)] out CelType? type)
        {
            type = name switch
            {
                "op" or "path" or "from" => CelType.String,
                "value" => CelType.Dyn,
                _ => null,
            };
            return type is not null;
        }
    }
}

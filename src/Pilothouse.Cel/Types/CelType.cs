namespace Pilothouse.Cel;

/// <summary>A type as the checker knows it. Immutable; two types are the same when they are built the same.</summary>
public class CelType
{
    private protected CelType(CelTypeKind kind, string name, params CelType[] parameters)
    {
        Kind = kind;
        Name = name;
        Parameters = parameters;
    }

    public static CelType Dyn { get; } = new(CelTypeKind.Dyn, "dyn");

    public static CelType Error { get; } = new(CelTypeKind.Error, "error");

    public static CelType Null { get; } = new(CelTypeKind.Null, "null_type");

    public static CelType Bool { get; } = new(CelTypeKind.Bool, "bool");

    public static CelType Int { get; } = new(CelTypeKind.Int, "int");

    public static CelType Uint { get; } = new(CelTypeKind.Uint, "uint");

    public static CelType Double { get; } = new(CelTypeKind.Double, "double");

    public static CelType String { get; } = new(CelTypeKind.String, "string");

    public static CelType Bytes { get; } = new(CelTypeKind.Bytes, "bytes");

    public static CelType Timestamp { get; } = new(CelTypeKind.Timestamp, "google.protobuf.Timestamp");

    public static CelType Duration { get; } = new(CelTypeKind.Duration, "google.protobuf.Duration");

    /// <summary>The type of types, without saying of which.</summary>
    public static CelType Type { get; } = new(CelTypeKind.Type, "type");

    /// <summary>A list of whatever.</summary>
    public static CelType DynList { get; } = List(Dyn);

    /// <summary>An object whose fields nobody declared.</summary>
    public static CelType DynMap { get; } = Map(String, Dyn);

    public CelTypeKind Kind { get; }

    /// <summary>The name at run time, without parameters.</summary>
    public string Name { get; }

    public IReadOnlyList<CelType> Parameters { get; }

    internal bool IsDyn => Kind == CelTypeKind.Dyn;

    internal bool IsError => Kind == CelTypeKind.Error;

    internal bool IsDynOrError => Kind is CelTypeKind.Dyn or CelTypeKind.Error;

    internal bool IsOptional => Kind == CelTypeKind.Opaque && Name == OptionalName;

    internal const string OptionalName = "optional_type";

    public static CelType List(CelType element) => new(CelTypeKind.List, "list", element);

    public static CelType Map(CelType key, CelType value) => new(CelTypeKind.Map, "map", key, value);

    public static CelType Optional(CelType value) => new(CelTypeKind.Opaque, OptionalName, value);

    public static CelType Opaque(string name, params CelType[] parameters) => new(CelTypeKind.Opaque, name, parameters);

    /// <summary>The type of a type: what <c>type(x)</c> has.</summary>
    public static CelType TypeOf(CelType type) => new(CelTypeKind.Type, "type", type);

    internal static CelType Parameter(string name) => new(CelTypeKind.TypeParameter, name);

    /// <summary>The element type of an optional, or the type itself.</summary>
    internal CelType Unwrapped(out bool optional)
    {
        optional = IsOptional;
        return optional ? Parameters[0] : this;
    }

    /// <summary>Whether both are built the same, down to the names of type parameters.</summary>
    public bool IsExactly(CelType other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (Kind != other.Kind || Name != other.Name || Parameters.Count != other.Parameters.Count)
            return false;
        for (var i = 0; i < Parameters.Count; i++)
        {
            if (!Parameters[i].IsExactly(other.Parameters[i]))
                return false;
        }
        return true;
    }

    /// <summary>As <see cref="IsExactly"/>, but the names of type parameters do not count.</summary>
    internal bool IsEquivalentTo(CelType other)
    {
        if (Kind != other.Kind || Kind != CelTypeKind.TypeParameter && Name != other.Name ||
            Parameters.Count != other.Parameters.Count)
            return false;
        for (var i = 0; i < Parameters.Count; i++)
        {
            if (!Parameters[i].IsEquivalentTo(other.Parameters[i]))
                return false;
        }
        return true;
    }

    /// <summary>As the checker's messages print it: <c>list(string)</c>, <c>timestamp</c>, <c>null</c>.</summary>
    public string ToMessage()
    {
        switch (Kind)
        {
            case CelTypeKind.Duration: return "duration";
            case CelTypeKind.Timestamp: return "timestamp";
            case CelTypeKind.Null: return "null";
            case CelTypeKind.Error: return "!error!";
            case CelTypeKind.TypeParameter: return Name;
        }
        return Parameters.Count == 0 ? Name : $"{Name}({string.Join(", ", Parameters.Select(p => p.ToMessage()))})";
    }

    /// <summary>As upstream prints it outside the checker: <c>null_type</c>, <c>list(JSONPatch)</c>.</summary>
    public override string ToString() =>
        Kind == CelTypeKind.TypeParameter ? $"<{Name}>"
        : Parameters.Count == 0 ? Name
        : $"{Name}({string.Join(", ", Parameters)})";
}

namespace Pilothouse.Cel;

/// <summary>One signature of a function and what carries it out.</summary>
internal sealed class CelOverload
{
    public CelOverload(string id, bool member, CelType[] parameters, CelType result, CelInvoke? invoke)
    {
        Id = id;
        IsMember = member;
        Parameters = parameters;
        Result = result;
        Invoke = invoke;
        var names = new List<string>();
        foreach (var type in parameters)
            Collect(type, names);
        Collect(result, names);
        TypeParameters = names;
    }

    public string Id { get; }

    /// <summary>Whether it is called on a receiver, the first parameter.</summary>
    public bool IsMember { get; }

    public CelType[] Parameters { get; }

    public CelType Result { get; }

    /// <summary>Null for operators that the evaluation knows itself.</summary>
    public CelInvoke? Invoke { get; }

    public IReadOnlyList<string> TypeParameters { get; }

    /// <summary>Whether values of these kinds can be meant.</summary>
    public bool Accepts(ReadOnlySpan<CelValue> args)
    {
        if (args.Length != Parameters.Length)
            return false;
        for (var i = 0; i < args.Length; i++)
        {
            if (!Accepts(Parameters[i], args[i]))
                return false;
        }
        return true;
    }

    private static bool Accepts(CelType type, in CelValue value) => type.Kind switch
    {
        CelTypeKind.Dyn or CelTypeKind.TypeParameter => true,
        CelTypeKind.Bool => value.Kind == CelKind.Bool,
        CelTypeKind.Int => value.Kind == CelKind.Int,
        CelTypeKind.Uint => value.Kind == CelKind.Uint,
        CelTypeKind.Double => value.Kind == CelKind.Double,
        CelTypeKind.String => value.Kind == CelKind.String,
        CelTypeKind.Bytes => value.Kind == CelKind.Bytes,
        CelTypeKind.Timestamp => value.Kind == CelKind.Timestamp,
        CelTypeKind.Duration => value.Kind == CelKind.Duration,
        CelTypeKind.List => value.Kind == CelKind.List && ElementFits(type.Parameters[0], value.AsList),
        CelTypeKind.Map => value.Kind == CelKind.Map,
        CelTypeKind.Type => value.Kind == CelKind.Type,
        CelTypeKind.Null => value.Kind == CelKind.Null,
        CelTypeKind.Opaque when type.IsOptional => value.Kind == CelKind.Optional,
        _ => value.Kind == CelKind.Object && value.AsObject.Type.Name == type.Name ||
            value.Kind == CelKind.Map && value.AsMap.Type.Name == type.Name,
    };

    // Overloads that differ in the element type alone are told apart by the first element.
    private static bool ElementFits(CelType element, CelList list) => element.Kind is CelTypeKind.Dyn or
        CelTypeKind.TypeParameter || list.Count == 0 || Accepts(element, list[0]);

    private static void Collect(CelType type, List<string> names)
    {
        if (type.Kind == CelTypeKind.TypeParameter && !names.Contains(type.Name))
            names.Add(type.Name);
        foreach (var inner in type.Parameters)
            Collect(inner, names);
    }
}

namespace Pilothouse.Cel;

/// <summary>
/// Unification: which type each type variable stands for so far, and the question whether one type can be assigned to
/// another. CEL's own rules: dyn fits everything, null fits what may be absent.
/// </summary>
internal sealed class TypeMapping
{
    private readonly Dictionary<string, CelType> _bound;

    public TypeMapping() => _bound = [];

    private TypeMapping(Dictionary<string, CelType> bound) => _bound = bound;

    public void Add(CelType parameter, CelType type) => _bound[parameter.Name] = type;

    /// <summary>The mapping with what the assignment taught, or null when the types do not fit.</summary>
    public TypeMapping? Assign(CelType left, CelType right)
    {
        var copy = new TypeMapping(new(_bound));
        return copy.IsAssignable(left, right) ? copy : null;
    }

    /// <summary>The same for lists of types.</summary>
    public TypeMapping? Assign(IReadOnlyList<CelType> left, IReadOnlyList<CelType> right)
    {
        var copy = new TypeMapping(new(_bound));
        return copy.AreAssignable(left, right) ? copy : null;
    }

    /// <summary>The type with its variables replaced by what they stand for; unbound ones by dyn, if asked.</summary>
    public CelType Substitute(CelType type, bool unboundToDyn)
    {
        if (type.Kind == CelTypeKind.TypeParameter)
        {
            return _bound.TryGetValue(type.Name, out var found) ? Substitute(found, unboundToDyn)
                : unboundToDyn ? CelType.Dyn : type;
        }
        if (type.Parameters.Count == 0)
            return type;
        var parameters = new CelType[type.Parameters.Count];
        var changed = false;
        for (var i = 0; i < parameters.Length; i++)
        {
            parameters[i] = Substitute(type.Parameters[i], unboundToDyn);
            changed |= !ReferenceEquals(parameters[i], type.Parameters[i]);
        }
        if (!changed)
            return type;
        return type.Kind switch
        {
            CelTypeKind.List => CelType.List(parameters[0]),
            CelTypeKind.Map => CelType.Map(parameters[0], parameters[1]),
            CelTypeKind.Type => CelType.TypeOf(parameters[0]),
            _ => CelType.Opaque(type.Name, parameters),
        };
    }

    /// <summary>The more general of two types that are known to fit.</summary>
    public static CelType MostGeneral(CelType left, CelType right) => IsEqualOrLessSpecific(left, right) ? left : right;

    private static bool IsEqualOrLessSpecific(CelType left, CelType right)
    {
        if (left.IsDyn || left.Kind == CelTypeKind.TypeParameter)
            return true;
        if (right.IsDyn || right.Kind == CelTypeKind.TypeParameter || left.Kind != right.Kind)
            return false;
        switch (left.Kind)
        {
            case CelTypeKind.Type:
                return true;
            case CelTypeKind.Opaque or CelTypeKind.List or CelTypeKind.Map:
                if (left.Name != right.Name || left.Parameters.Count != right.Parameters.Count)
                    return false;
                for (var i = 0; i < left.Parameters.Count; i++)
                {
                    if (!IsEqualOrLessSpecific(left.Parameters[i], right.Parameters[i]))
                        return false;
                }
                return true;
            default:
                return left.IsExactly(right);
        }
    }

    private bool IsAssignable(CelType left, CelType right)
    {
        if (right.Kind == CelTypeKind.TypeParameter)
        {
            if (IsValidSubstitution(left, right, out var bound))
                return true;
            if (bound)
                return false;
        }
        if (left.Kind == CelTypeKind.TypeParameter)
            return IsValidSubstitution(right, left, out _);
        if (left.IsDynOrError || right.IsDynOrError)
            return true;
        if (left.Kind == CelTypeKind.Null)
            return IsNullable(right);
        if (right.Kind == CelTypeKind.Null)
            return IsNullable(left);
        return left.Kind switch
        {
            CelTypeKind.Type => right.Kind == CelTypeKind.Type,
            CelTypeKind.Opaque or CelTypeKind.List or CelTypeKind.Map =>
                left.Kind == right.Kind && left.Name == right.Name && AreAssignable(left.Parameters, right.Parameters),
            _ => left.Kind == right.Kind && left.Name == right.Name,
        };
    }

    private bool AreAssignable(IReadOnlyList<CelType> left, IReadOnlyList<CelType> right)
    {
        if (left.Count != right.Count)
            return false;
        for (var i = 0; i < left.Count; i++)
        {
            if (!IsAssignable(left[i], right[i]))
                return false;
        }
        return true;
    }

    private bool IsValidSubstitution(CelType type, CelType parameter, out bool bound)
    {
        bound = true;
        if (type.Kind == parameter.Kind && type.IsExactly(parameter))
            return true;
        if (_bound.TryGetValue(parameter.Name, out var found))
        {
            if (type.Kind == found.Kind && type.IsExactly(found))
                return true;
            if (!IsAssignable(type, found))
                return false;
            var general = MostGeneral(type, found);
            if (!Occurs(parameter, general))
                Add(parameter, general);
            return true;
        }
        bound = false;
        if (Occurs(parameter, type))
            return false;
        Add(parameter, type);
        return true;
    }

    private bool Occurs(CelType parameter, CelType within)
    {
        if (within.Kind == CelTypeKind.TypeParameter)
            return within.Name == parameter.Name || _bound.TryGetValue(within.Name, out var found) && Occurs(parameter, found);
        foreach (var inner in within.Parameters)
        {
            if (Occurs(parameter, inner))
                return true;
        }
        return false;
    }

    private static bool IsNullable(CelType type) => type.Kind is
        CelTypeKind.Null or CelTypeKind.Opaque or CelTypeKind.Struct or CelTypeKind.Duration or CelTypeKind.Timestamp;
}

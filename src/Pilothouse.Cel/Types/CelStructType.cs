using System.Diagnostics.CodeAnalysis;

namespace Pilothouse.Cel;

/// <summary>A type with declared fields: selecting another field of it is an error when the expression is compiled.</summary>
public abstract class CelStructType : CelType
{
    protected CelStructType(string name)
        : base(CelTypeKind.Struct, name)
    {
    }

    /// <summary>Whether an expression may make one with <c>Name{field: value}</c>.</summary>
    public virtual bool Constructible => false;

    /// <summary>Finds a declared field.</summary>
    public abstract bool TryGetField(string name, [NotNullWhen(true)] out CelType? type);

    /// <summary>The property of the JSON object that holds the field; differs where names are escaped.</summary>
    public virtual string PropertyOf(string field) => field;

    /// <summary>The field of a property; null for one that no field stands for.</summary>
    public virtual string? FieldOf(string property) => TryGetField(property, out _) ? property : null;

    /// <summary>A type with the given fields.</summary>
    public static CelStructType Of(string name, IReadOnlyDictionary<string, CelType> fields) => new Fields_(name, fields);

    /// <summary>A type without fields, for values that have only functions.</summary>
    public static CelStructType Of(string name) => new Fields_(name, new Dictionary<string, CelType>());

    private sealed class Fields_(string name, IReadOnlyDictionary<string, CelType> fields) : CelStructType(name)
    {
        public override bool TryGetField(string name, [NotNullWhen(true)] out CelType? type) =>
            fields.TryGetValue(name, out type);
    }
}

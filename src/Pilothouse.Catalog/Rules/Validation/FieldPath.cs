using System.Globalization;
using System.Text;

namespace Pilothouse.Catalog;

/// <summary>
/// Where in an object a rule looks. A link to the part before it and nothing else: the text is made only when an error or a
/// warning needs it, because nearly every object is right.
/// </summary>
internal sealed class FieldPath
{
    private readonly FieldPath? _parent;
    private readonly string? _name;
    private readonly int _index;
    private readonly bool _isKey;

    private FieldPath(FieldPath? parent, string? name, int index, bool isKey)
    {
        _parent = parent;
        _name = name;
        _index = index;
        _isKey = isKey;
    }

    public static FieldPath Metadata { get; } = Of("metadata");

    public static FieldPath Spec { get; } = Of("spec");

    public static FieldPath Status { get; } = Of("status");

    public static FieldPath Of(string name) => new(null, name, 0, false);

    /// <summary>A field, as <c>parent.name</c>; the first part when there is no parent.</summary>
    public static FieldPath At(FieldPath? parent, string name) => new(parent, name, 0, false);

    /// <summary>A field of what is here.</summary>
    public FieldPath Child(string name) => new(this, name, 0, false);

    /// <summary>A field of a field.</summary>
    public FieldPath Child(string name, string inner) => Child(name).Child(inner);

    /// <summary>An element of the list that is here.</summary>
    public FieldPath Index(int index) => new(this, null, index, false);

    /// <summary>A value of the map that is here.</summary>
    public FieldPath Key(string key) => new(this, key, 0, true);

    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }

    private void Write(StringBuilder text)
    {
        _parent?.Write(text);
        if (_name is null)
            text.Append('[').Append(_index.ToString(CultureInfo.InvariantCulture)).Append(']');
        else if (_isKey)
            text.Append('[').Append(_name).Append(']');
        else
            text.Append(text.Length > 0 ? "." : "").Append(_name);
    }
}

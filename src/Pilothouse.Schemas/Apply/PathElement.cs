using System.Globalization;
using System.Text;
using System.Text.Json;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>
/// A step on the way to a field: a name, the keys of a list's element, an element of a set, or an index. Its text form is that
/// of FieldsV1: <c>f:name</c>, <c>k:{"name":"a"}</c>, <c>v:"a"</c>, <c>i:0</c> (structured-merge-diff, fieldpath).
/// </summary>
public sealed class PathElement : IEquatable<PathElement>, IComparable<PathElement>
{
    private readonly Form _form;
    private readonly string _name;
    private readonly (string Name, FieldScalar Value)[] _keys;
    private readonly FieldScalar _value;
    private string? _text;
    private JsonEncodedText? _encoded;

    private PathElement(Form form, string name = "", (string Name, FieldScalar Value)[]? keys = null, FieldScalar value = default)
    {
        _form = form;
        _name = name;
        _keys = keys ?? [];
        _value = value;
    }

    // In the order in which elements are sorted.
    private enum Form
    {
        Field,
        Key,
        Value,
        Index,
    }

    /// <summary>The field's name; null for other elements.</summary>
    public string? FieldName => _form == Form.Field ? _name : null;

    /// <summary>It names an element of a list by its keys.</summary>
    public bool IsKey => _form == Form.Key;

    public static PathElement Field(string name) => new(Form.Field, name);

    /// <param name="keys">Names and values; sorted here.</param>
    public static PathElement Key(params (string Name, FieldScalar Value)[] keys)
    {
        if (keys.Length > 1)
            Array.Sort(keys, static (l, r) => ByteOrder.Compare(l.Name, r.Name));
        return new(Form.Key, keys: keys);
    }

    public static PathElement Value(FieldScalar value) => new(Form.Value, value: value);

    public static PathElement Index(int index) => new(Form.Index, value: FieldScalar.Of((long)index));

    /// <summary>Reads an element's text form.</summary>
    /// <returns>The element; null without an error for a form of the future, which is passed over.</returns>
    public static PathElement? Parse(string text, out string? error)
    {
        error = null;
        if (text.Length < 2)
            error = "key must be 2 characters long:";
        else if (text[1] != ':')
            error = $"missing colon: {text}";
        if (error is not null)
            return null;
        try
        {
            switch (text[0])
            {
                case 'f':
                    return Field(text[2..]);
                case 'v':
                    using (var value = JsonDocument.Parse(text.AsMemory(2)))
                    {
                        if (FieldScalar.TryOf(value.RootElement, out var scalar))
                            return Value(scalar);
                    }
                    break;
                case 'k':
                    using (var keys = JsonDocument.Parse(text.AsMemory(2)))
                    {
                        if (keys.RootElement.ValueKind == JsonValueKind.Object)
                        {
                            return Key([.. keys.RootElement.EnumerateObject().Select(
                                k => (k.Name, FieldScalar.TryOf(k.Value, out var scalar) ? scalar : FieldScalar.Null))]);
                        }
                    }
                    break;
                case 'i':
                    if (int.TryParse(text.AsSpan(2), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index))
                        return Index(index);
                    break;
                default:
                    return null;
            }
            error = $"invalid path element {GoText.Quote(text)}";
        }
        catch (JsonException)
        {
            error = $"invalid path element {GoText.Quote(text)}";
        }
        return null;
    }

    /// <summary>The text form.</summary>
    public string Text => _text ??= MakeText();

    /// <summary>Writes the text form as a property's name.</summary>
    internal void WriteName(Utf8JsonWriter writer)
    {
        if (_encoded is { } encoded)
            writer.WritePropertyName(encoded);
        else
            writer.WritePropertyName(Text);
    }

    /// <summary>A field of a schema: it is written so often that its text is encoded once.</summary>
    internal static PathElement OfSchema(string name)
    {
        var element = Field(name);
        element._encoded = JsonEncodedText.Encode(element.Text);
        return element;
    }

    public int CompareTo(PathElement? other)
    {
        if (other is null)
            return 1;
        if (ReferenceEquals(this, other))
            return 0;
        if (_form != other._form)
            return _form.CompareTo(other._form);
        switch (_form)
        {
            case Form.Field:
                return ByteOrder.Compare(_name, other._name);
            case Form.Key:
                for (var i = 0; i < _keys.Length && i < other._keys.Length; i++)
                {
                    var (mine, theirs) = (_keys[i], other._keys[i]);
                    var order = ByteOrder.Compare(mine.Name, theirs.Name);
                    if (order == 0)
                        order = mine.Value.CompareTo(theirs.Value);
                    if (order != 0)
                        return order;
                }
                return _keys.Length.CompareTo(other._keys.Length);
            default:
                return _value.CompareTo(other._value);
        }
    }

    public bool Equals(PathElement? other) => other is not null && CompareTo(other) == 0;

    public override bool Equals(object? obj) => Equals(obj as PathElement);

    public override int GetHashCode()
    {
        switch (_form)
        {
            case Form.Field:
                return _name.GetHashCode(StringComparison.Ordinal);
            case Form.Key:
                var hash = new HashCode();
                foreach (var key in _keys)
                    hash.Add(key.Value);
                return hash.ToHashCode();
            default:
                return _value.GetHashCode();
        }
    }

    public static bool operator ==(PathElement? left, PathElement? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(PathElement? left, PathElement? right) => !(left == right);

    public static bool operator <(PathElement left, PathElement right) => left.CompareTo(right) < 0;

    public static bool operator >(PathElement left, PathElement right) => left.CompareTo(right) > 0;

    public static bool operator <=(PathElement left, PathElement right) => left.CompareTo(right) <= 0;

    public static bool operator >=(PathElement left, PathElement right) => left.CompareTo(right) >= 0;

    /// <summary>As messages show it: <c>.name</c>, <c>[name="a"]</c>, <c>[="a"]</c>, <c>[0]</c>.</summary>
    public override string ToString() => _form switch
    {
        Form.Field => "." + _name,
        Form.Key => $"[{string.Join(',', _keys.Select(k => $"{k.Name}={k.Value}"))}]",
        Form.Value => $"[={_value}]",
        _ => $"[{_value}]",
    };

    private string MakeText()
    {
        if (_form == Form.Field)
            return "f:" + _name;
        var text = new StringBuilder(_form switch
        {
            Form.Key => "k:{",
            Form.Value => "v:",
            _ => "i:",
        });
        if (_form != Form.Key)
        {
            _value.AppendJson(text);
            return text.ToString();
        }
        for (var i = 0; i < _keys.Length; i++)
        {
            if (i > 0)
                text.Append(',');
            FieldScalar.AppendQuoted(text, _keys[i].Name);
            text.Append(':');
            _keys[i].Value.AppendJson(text);
        }
        return text.Append('}').ToString();
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>
/// A scalar that names an element of a list: the value of a key, or the element of a set itself. Integers and floats that mean
/// the same number are the same.
/// </summary>
public readonly struct FieldScalar : IEquatable<FieldScalar>, IComparable<FieldScalar>
{
    private readonly string? _text;
    private readonly double _float;
    private readonly long _integer;
    private readonly Form _form;

    private FieldScalar(Form form, string? text = null, long integer = 0, double @float = 0)
    {
        _form = form;
        _text = text;
        _integer = integer;
        _float = @float;
    }

    // In the order in which unlike values are sorted.
    private enum Form
    {
        Float,
        Integer,
        Text,
        Boolean,
        Null,
    }

    public static FieldScalar Null { get; } = new(Form.Null);

    public static FieldScalar Of(string text) => new(Form.Text, text);

    public static FieldScalar Of(long number) => new(Form.Integer, integer: number);

    public static FieldScalar Of(double number) => new(Form.Float, @float: number);

    public static FieldScalar Of(bool flag) => new(Form.Boolean, integer: flag ? 1 : 0);

    /// <summary>The scalar in a node; false for a list or a map.</summary>
    public static bool TryOf(JsonNode? node, out FieldScalar scalar)
    {
        scalar = Null;
        if (node is null)
            return true;
        if (node is not JsonValue value)
            return false;
        if (value.TryGetValue<string>(out var text))
            scalar = Of(text);
        else if (value.TryGetValue<bool>(out var flag))
            scalar = Of(flag);
        else if (value.AsInteger() is { } integer)
            scalar = Of(integer);
        else if (value.TryGetValue<double>(out var number))
            scalar = Of(number);
        else
            return value.TryGetValue<JsonElement>(out var element) && TryOf(element, out scalar);
        return true;
    }

    /// <summary>The scalar in an element; false for a list or a map.</summary>
    public static bool TryOf(JsonElement element, out FieldScalar scalar)
    {
        scalar = element.ValueKind switch
        {
            JsonValueKind.String => Of(element.GetString()!),
            JsonValueKind.Number => element.TryGetInt64(out var integer) ? Of(integer) : Of(element.GetDouble()),
            JsonValueKind.True => Of(true),
            JsonValueKind.False => Of(false),
            _ => Null,
        };
        return element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array);
    }

    public int CompareTo(FieldScalar other)
    {
        var numbers = _form <= Form.Integer && other._form <= Form.Integer;
        if (numbers && (_form == Form.Float || other._form == Form.Float))
            return AsFloat.CompareTo(other.AsFloat);
        if (_form != other._form)
            return _form.CompareTo(other._form);
        return _form == Form.Text ? ByteOrder.Compare(_text!, other._text!) : _integer.CompareTo(other._integer);
    }

    public bool Equals(FieldScalar other) => CompareTo(other) == 0;

    public override bool Equals(object? obj) => obj is FieldScalar other && Equals(other);

    public override int GetHashCode() => _form switch
    {
        Form.Text => _text!.GetHashCode(StringComparison.Ordinal),
        Form.Float or Form.Integer => AsFloat.GetHashCode(),
        _ => HashCode.Combine(_form, _integer),
    };

    public static bool operator ==(FieldScalar left, FieldScalar right) => left.Equals(right);

    public static bool operator !=(FieldScalar left, FieldScalar right) => !left.Equals(right);

    public static bool operator <(FieldScalar left, FieldScalar right) => left.CompareTo(right) < 0;

    public static bool operator >(FieldScalar left, FieldScalar right) => left.CompareTo(right) > 0;

    public static bool operator <=(FieldScalar left, FieldScalar right) => left.CompareTo(right) <= 0;

    public static bool operator >=(FieldScalar left, FieldScalar right) => left.CompareTo(right) >= 0;

    /// <summary>As messages show it: <c>"a"</c>, <c>80</c>, <c>true</c>.</summary>
    public override string ToString() => _form switch
    {
        Form.Text => GoText.Quote(_text!),
        Form.Null => "null",
        _ => Plain(),
    };

    /// <summary>Appends it as JSON, with what HTML could trip over escaped, as upstream writes it in field sets.</summary>
    internal void AppendJson(StringBuilder output)
    {
        if (_form == Form.Text)
            AppendQuoted(output, _text!);
        else
            output.Append(_form == Form.Null ? "null" : Plain());
    }

    internal static void AppendQuoted(StringBuilder output, string text)
    {
        output.Append('"');
        foreach (var c in text)
        {
            switch (c)
            {
                case '"' or '\\':
                    output.Append('\\').Append(c);
                    break;
                case '\n':
                    output.Append("\\n");
                    break;
                case '\r':
                    output.Append("\\r");
                    break;
                case '\t':
                    output.Append("\\t");
                    break;
                case < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029':
                    output.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                    break;
                default:
                    output.Append(c);
                    break;
            }
        }
        output.Append('"');
    }

    private double AsFloat => _form == Form.Float ? _float : _integer;

    private string Plain() => _form switch
    {
        Form.Boolean => _integer != 0 ? "true" : "false",
        Form.Integer => _integer.ToString(CultureInfo.InvariantCulture),
        _ => GoFloat.Marshal(_float),
    };
}

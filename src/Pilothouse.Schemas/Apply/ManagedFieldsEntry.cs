using System.Text;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>What one manager owns of an object, as <c>metadata.managedFields</c> keeps it. Immutable.</summary>
public sealed class ManagedFieldsEntry
{
    private FieldSet? _set;
    private ReadOnlyMemory<byte>? _text;

    public required string Manager { get; init; }

    /// <summary>By server-side apply; otherwise by an update.</summary>
    public required bool Applied { get; init; }

    /// <summary>The version in whose terms the fields are named.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>When it last changed the object, RFC 3339 in seconds; empty when that is not known.</summary>
    public string Time { get; init; } = "";

    /// <summary>The subresource through which it wrote; empty for the object itself.</summary>
    public string Subresource { get; init; } = "";

    public string Operation => Applied ? "Apply" : "Update";

    /// <summary>The fields; read when they are first asked for.</summary>
    public FieldSet Set
    {
        get => _set ??= FieldsV1.Read(_text!.Value.Span).Value!;
        init => _set = value;
    }

    /// <summary>The fields' text form.</summary>
    public ReadOnlyMemory<byte> Text
    {
        get => _text ??= FieldsV1.Write(_set!);
        init => _text = value;
    }

    /// <summary>Whether two entries are of one manager: for updates the version counts too, for applies it does not.</summary>
    public bool IsOf(ManagedFieldsEntry other) =>
        Manager == other.Manager && Applied == other.Applied && Subresource == other.Subresource
        && (Applied || ApiVersion == other.ApiVersion);

    public ManagedFieldsEntry With(FieldSet set, string? time = null) => new()
    {
        Manager = Manager,
        Applied = Applied,
        ApiVersion = ApiVersion,
        Subresource = Subresource,
        Time = time ?? Time,
        Set = set,
    };

    public ManagedFieldsEntry At(string time) => new()
    {
        Manager = Manager,
        Applied = Applied,
        ApiVersion = ApiVersion,
        Subresource = Subresource,
        Time = time,
        Text = Text,
    };

    /// <summary>Whether only the times may differ.</summary>
    public bool SaysSame(ManagedFieldsEntry other) =>
        IsOf(other) && ApiVersion == other.ApiVersion && Text.Span.SequenceEqual(other.Text.Span);

    /// <summary>How messages name the manager: <c>"kubectl" with subresource "status" using apps/v1</c>.</summary>
    public string Describe()
    {
        var text = new StringBuilder(GoText.Quote(Manager));
        if (Subresource.Length > 0)
            text.Append(" with subresource ").Append(GoText.Quote(Subresource));
        if (!Applied)
            text.Append(" using ").Append(ApiVersion);
        return text.ToString();
    }

    /// <summary>The order in which entries are kept: appliers first, then by time, name, version and subresource.</summary>
    internal static int Compare(ManagedFieldsEntry left, ManagedFieldsEntry right)
    {
        if (left.Applied != right.Applied)
            return left.Applied ? -1 : 1;
        // All times are of one form, in which text order is time order.
        var order = string.CompareOrdinal(left.Time, right.Time);
        if (order == 0)
            order = ByteOrder.Compare(left.Manager, right.Manager);
        if (order == 0)
            order = ByteOrder.Compare(left.ApiVersion, right.ApiVersion);
        return order != 0 ? order : ByteOrder.Compare(left.Subresource, right.Subresource);
    }

    /// <summary>The order in which messages name managers, which is that of upstream's identifiers: JSON texts.</summary>
    internal string Identifier
    {
        get
        {
            var text = new StringBuilder("{");
            Append("manager", Manager);
            Append("operation", Operation);
            Append("apiVersion", Applied ? "" : ApiVersion);
            Append("subresource", Subresource);
            return text.Append('}').ToString();

            void Append(string name, string value)
            {
                if (value.Length == 0)
                    return;
                if (text.Length > 1)
                    text.Append(',');
                FieldScalar.AppendQuoted(text, name);
                text.Append(':');
                FieldScalar.AppendQuoted(text, value);
            }
        }
    }
}

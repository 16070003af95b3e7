using System.Text.Json;

namespace Pilothouse.Catalog;

/// <summary>How objects of a kind are shown as rows of a table: the columns, and the cells of one object.</summary>
public sealed class TablePrinter
{
    private readonly Action<JsonElement, TableRow> _cells;

    /// <param name="columns">The columns.</param>
    /// <param name="cells">Writes an object's cells, one per column; the object may lack any field, as a bookmark's does.</param>
    internal TablePrinter(IReadOnlyList<TableColumn> columns, Action<JsonElement, TableRow> cells) => (Columns, _cells) = (columns, cells);

    public IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>Says that a row stands for something that is over; null for kinds of which none is.</summary>
    internal Func<JsonElement, RowCompletion?>? Completion { get; init; }

    /// <summary>The number by which a list's rows are sorted, then by name; null for the order of keys.</summary>
    public Func<JsonElement, long>? SortKey { get; init; }

    /// <summary>Writes the members <c>cells</c> and, for a row that is over, <c>conditions</c> into the row that is open.</summary>
    /// <param name="obj">The object, in the stored version.</param>
    /// <param name="now">The time from which ages are counted.</param>
    /// <param name="writer">Stands inside the row.</param>
    public void WriteRow(JsonElement obj, DateTimeOffset now, Utf8JsonWriter writer)
    {
        writer.WriteStartArray("cells"u8);
        _cells(obj, new TableRow(writer, now));
        writer.WriteEndArray();
        if (Completion?.Invoke(obj) is { } completion)
        {
            writer.WriteStartArray("conditions"u8);
            writer.WriteStartObject();
            writer.WriteString("type"u8, "Completed"u8);
            writer.WriteString("status"u8, "True"u8);
            writer.WriteString("reason"u8, completion.Reason);
            writer.WriteString("message"u8, completion.Message);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }
    }
}

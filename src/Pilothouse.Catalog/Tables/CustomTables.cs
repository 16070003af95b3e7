using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>The tables of custom resources, made from the columns that their definitions name.</summary>
public static class CustomTables
{
    /// <summary>The table of a version: its name, then its <c>additionalPrinterColumns</c>; the age where there are none.</summary>
    /// <param name="columns">As the definition has them.</param>
    public static TablePrinter Of(IReadOnlyList<JsonObject> columns)
    {
        List<TableColumn> heads = [TableColumn.ObjectName];
        List<(string Type, JsonPath Path)> paths = [];
        foreach (var column in columns)
        {
            // A path that nobody can read ends the table: what stands before it is shown.
            if (JsonPath.TryParse(column.Text("jsonPath") ?? "") is not { } path)
                break;
            var type = column.Text("type") ?? "";
            var description = column.Text("description") is { Length: > 0 } own ? own
                : $"Custom resource definition column (in JSONPath format): {column.Text("jsonPath")}";
            heads.Add(new(column.Text("name") ?? "", description, type, column.Text("format") ?? "", (int)(column.Integer("priority") ?? 0)));
            paths.Add((type, path));
        }
        if (columns.Count == 0)
        {
            heads.Add(TableColumn.Age with { Type = "date" });
            paths.Add(("date", JsonPath.TryParse(".metadata.creationTimestamp")!));
        }
        return new(heads, (obj, row) =>
        {
            row.Name(obj);
            foreach (var (type, path) in paths)
                WriteCell(type, path, obj, row);
        });
    }

    private static void WriteCell(string type, JsonPath path, JsonElement obj, TableRow row)
    {
        var found = path.Find(obj);
        if (found.Count == 0)
        {
            row.Null();
            return;
        }
        var value = found[0];
        switch (type, value.ValueKind)
        {
            case ("string", JsonValueKind.Object or JsonValueKind.Array):
                row.Text(GoValue.Marshal(JsonNodes.Parse(value.GetRawText())));
                break;
            case ("string", JsonValueKind.Null):
                row.Text("<no value>");
                break;
            case ("string", JsonValueKind.String):
                row.Text(value.GetString());
                break;
            case ("string", _):
                row.Text(value.GetRawText());
                break;
            case ("integer", JsonValueKind.Number):
                row.Number(value.TryGetInt64(out var whole) ? whole : (long)value.GetDouble());
                break;
            case ("number", JsonValueKind.Number):
                row.Raw(value);
                break;
            case ("boolean", JsonValueKind.True or JsonValueKind.False):
                row.Flag(value.GetBoolean());
                break;
            case ("date", JsonValueKind.String):
                row.Date(value.GetString()!);
                break;
            default:
                row.Null();
                break;
        }
    }
}

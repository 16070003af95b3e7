using System.Text.Json;

namespace Pilothouse.Catalog;

/// <summary>Writes the cells of one row, in the order of the columns.</summary>
internal readonly struct TableRow(Utf8JsonWriter writer, DateTimeOffset now)
{
    public DateTimeOffset Now => now;

    public void Text(string? text) => writer.WriteStringValue(text ?? "");

    /// <summary>The text, or what stands for none.</summary>
    public void Text(string text, string whenEmpty) => writer.WriteStringValue(text.Length == 0 ? whenEmpty : text);

    public void Number(long number) => writer.WriteNumberValue(number);

    /// <summary>A cell with nothing in it.</summary>
    public void Null() => writer.WriteNullValue();

    /// <summary>A value as it is.</summary>
    public void Raw(JsonElement value) => value.WriteTo(writer);

    /// <summary>The time since a timestamp; <c>&lt;unknown&gt;</c> without one, <c>&lt;invalid&gt;</c> for what is none.</summary>
    public void Date(string timestamp) =>
        Text(timestamp.Length > 0 && Objects.GoTime.TryParse(timestamp, out _) is not null ? "<invalid>" : HumanDuration.Since(timestamp, now));

    public void Flag(bool flag) => writer.WriteBooleanValue(flag);

    /// <summary>The object's name.</summary>
    public void Name(JsonElement obj) => Text(obj.Get("metadata").Text("name"));

    /// <summary>The object's name, marked where it is what others get that name none.</summary>
    public void NameOrDefault(JsonElement obj, bool isDefault)
    {
        var name = obj.Get("metadata").Text("name");
        Text(isDefault ? name + " (default)" : name);
    }

    /// <summary>The time since the object was created.</summary>
    public void Age(JsonElement obj) => Since(obj.Get("metadata").Text("creationTimestamp"));

    /// <summary>The time since a timestamp; <c>&lt;unknown&gt;</c> without one.</summary>
    public void Since(string timestamp) => Text(HumanDuration.Since(timestamp, now));
}

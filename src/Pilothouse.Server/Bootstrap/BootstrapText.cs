using System.Text.Json.Nodes;

namespace Pilothouse.Server.Bootstrap;

/// <summary>
/// Reads the tables of this folder: a line that begins with a word begins an object, and the indented lines below belong to
/// it. Words are parted by blanks, elements of a list by commas, and "-" is the empty string.
/// </summary>
internal static class BootstrapText
{
    /// <summary>The objects of an embedded table: the words of the first line, and those of the lines below it.</summary>
    public static IEnumerable<(string[] Head, List<string[]> Lines)> Read(string table)
    {
        using var stream = typeof(BootstrapText).Assembly.GetManifestResourceStream($"Pilothouse.Server.Bootstrap.Data.{table}")
            ?? throw new InvalidOperationException($"The table {table} is not in the program.");
        using var reader = new StreamReader(stream);
        (string[] Head, List<string[]> Lines)? current = null;
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (line[0] == ' ')
            {
                current!.Value.Lines.Add(words);
                continue;
            }
            if (current is { } complete)
                yield return complete;
            current = (words, []);
        }
        if (current is { } last)
            yield return last;
    }

    public static JsonArray List(string words) => [.. words.Split(',').Select(w => (JsonNode)(w == "-" ? "" : w))];
}

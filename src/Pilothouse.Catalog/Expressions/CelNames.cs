using System.Collections.Frozen;
using System.Text;

namespace Pilothouse.Catalog;

/// <summary>Names of properties as names of fields in CEL (k8s.io/apiserver/pkg/cel, Escape).</summary>
public static class CelNames
{
    private static readonly FrozenSet<string> Reserved = new[]
    {
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
        "package", "namespace", "return", "var", "void", "while",
    }.ToFrozenSet();

    /// <summary>Whether a word of the language is meant, which may all the same stand behind a dot.</summary>
    public static bool IsReserved(string name) => Reserved.Contains(name);

    /// <summary>The field's name; null for a property that no field can be called after.</summary>
    public static string? Escape(string property)
    {
        if (property.Length == 0 || char.IsAsciiDigit(property[0]))
            return null;
        if (Reserved.Contains(property))
            return $"__{property}__";
        StringBuilder? escaped = null;
        for (var i = 0; i < property.Length; i++)
        {
            var character = property[i];
            var replacement = character switch
            {
                '.' => "__dot__",
                '-' => "__dash__",
                '/' => "__slash__",
                '_' when i + 1 < property.Length && property[i + 1] == '_' => "__underscores__",
                _ => null,
            };
            if (replacement is not null)
                (escaped ??= new(property, 0, i, property.Length + 16)).Append(replacement);
            else if (char.IsAsciiLetterOrDigit(character) || character == '_')
                escaped?.Append(character);
            else
                return null;
            if (replacement == "__underscores__")
                i++;
        }
        return escaped?.ToString() ?? property;
    }
}

using System.Text.Json;

namespace Pilothouse.Server.Admission;

/// <summary>A condition of a quota on what it counts (ScopedResourceSelectorRequirement).</summary>
internal sealed record QuotaScope(string Name, string Operator, IReadOnlyList<string> Values)
{
    public static QuotaScope Read(JsonElement json) => new(
        json.Text("scopeName"), json.Text("operator"), [.. json.Elements("values").Select(v => v.GetString() ?? "")]);

    /// <summary>Compares one value, as a label selector would; null is "there is none".</summary>
    public bool Selects(string? value) => Operator switch
    {
        "In" => value is not null && Values.Contains(value),
        "NotIn" => value is null || !Values.Contains(value),
        "Exists" => value is not null,
        "DoesNotExist" => value is null,
        _ => false,
    };

    // As Go prints the struct.
    public override string ToString() => $"{{{Name} {Operator} [{string.Join(' ', Values)}]}}";
}

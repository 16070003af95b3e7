using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Definitions that were let in before schemas had to be structural: what a condition says of them.</summary>
public static class NonStructuralSchemas
{
    /// <summary>Status, reason and message of the condition; null when every schema is structural.</summary>
    public static (string Status, string Reason, string Message)? Check(JsonObject definition)
    {
        var errors = new List<string>();
        var spec = definition.Object("spec") ?? [];
        if (spec.Is("preserveUnknownFields"))
            errors.Add(FieldError.Invalid("spec.preserveUnknownFields", true, "must be false").ToString());
        foreach (var (i, version) in spec.Items("versions"))
        {
            if (version.Object("schema").Object("openAPIV3Schema") is not { } schema)
                continue;
            if (StructuralSchemas.FaultOf(schema) is { } fault)
                return ("Unknown", "StructuralError", $"failed to check validation schema for version {version.Word("name")}: {fault}");
            var path = FieldPath.Spec.Child("versions").Index(i).Child("schema", "openAPIV3Schema");
            errors.AddRange(StructuralSchemas.Validate(schema, path).Select(e => e.ToString()));
        }
        var all = errors.Distinct().ToList();
        return all.Count == 0 ? null : ("True", "Violations", all.Count == 1 ? all[0] : $"[{string.Join(", ", all)}]");
    }
}

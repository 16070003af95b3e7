using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Which taints of nodes a pod can live with.</summary>
internal static class TolerationValidation
{
    private static readonly string[] Effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

    public static void Validate(JsonArray tolerations, FieldPath path, FieldErrors errors)
    {
        for (var i = 0; i < tolerations.Count; i++)
        {
            if (tolerations[i] is JsonObject toleration)
                Validate(toleration, path.Index(i), errors);
        }
    }

    /// <summary>The effect of a taint.</summary>
    public static void ValidateEffect(string effect, FieldPath path, FieldErrors errors)
    {
        if (!Effects.Contains(effect))
            errors.NotSupported(path, effect, Effects);
    }

    private static void Validate(JsonObject toleration, FieldPath path, FieldErrors errors)
    {
        var (key, value) = (toleration.Text("key") ?? "", toleration.Text("value") ?? "");
        var (operation, effect) = (toleration.Text("operator") ?? "", toleration.Text("effect") ?? "");
        if (key.Length > 0)
            errors.InvalidEach(path, "key", key, NameFormats.QualifiedName(key));
        else if (operation != "Exists")
        {
            errors.Invalid(path.Child("operator"), operation,
                "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
        }
        if (toleration.ContainsKey("tolerationSeconds") && effect != "NoExecute")
            errors.Invalid(path.Child("effect"), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
        switch (operation)
        {
            case "Equal" or "":
                if (NameFormats.LabelValue(value) is { Count: > 0 } faults)
                    errors.Invalid(path.Child("operator"), value, string.Join(";", faults));
                break;
            case "Exists":
                if (value.Length > 0)
                    errors.Invalid(path.Child("operator"), value, "value must be empty when `operator` is 'Exists'");
                break;
            case "Lt" or "Gt":
                errors.NotSupported(path.Child("operator"), operation, "Equal", "Exists", "Lt", "Gt");
                break;
            default:
                errors.NotSupported(path.Child("operator"), operation, "Equal", "Exists");
                break;
        }
        if (effect.Length > 0)
            ValidateEffect(effect, path.Child("effect"), errors);
    }
}

using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Conditions in the status of flow control's objects: each type once.</summary>
internal static class FlowConditions
{
    public static void Validate(JsonObject obj, FieldErrors errors)
    {
        HashSet<string>? seen = null;
        foreach (var (i, condition) in obj.Object("status").Items("conditions"))
        {
            var type = condition.Word("type");
            var path = FieldPath.Status.Child("conditions").Index(i).Child("type");
            if (!(seen ??= []).Add(type))
                errors.Duplicate(path, type);
            if (type.Length == 0)
                errors.Required(path);
        }
    }
}

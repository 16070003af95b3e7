using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>The rules of pod specifications that clients meet first.</summary>
internal static class PodSpecValidation
{
    public static void Validate(JsonObject spec, string path, FieldErrors errors)
    {
        if (spec.List("containers") is not { Count: > 0 })
            errors.Add(FieldError.Required($"{path}.containers"));
        var names = new HashSet<string>();
        Check(spec, path, "containers", names, errors);
        Check(spec, path, "initContainers", names, errors);
    }

    /// <summary>Nothing may ask for more than it is limited to.</summary>
    private static void CheckResources(JsonObject? resources, string path, FieldErrors errors)
    {
        foreach (var (name, request) in resources.Object("requests") ?? [])
        {
            if (ResourceLists.Value(request.AsText()) is not { } asked || ResourceLists.Value(resources.Object("limits")?.Text(name)) is not { } limit)
                continue;
            if (asked.CompareTo(limit) > 0)
            {
                errors.Add(FieldError.Invalid(
                    $"{path}.requests", asked.ToString(), $"must be less than or equal to {name} limit of {limit}"));
            }
        }
    }

    /// <summary>What is let in and hardly meant: parts of a byte.</summary>
    public static void Warn(JsonObject spec, string path, ICollection<string> warnings)
    {
        foreach (var list in (string[])["initContainers", "containers"])
        {
            var index = 0;
            foreach (var container in spec.Objects(list))
            {
                foreach (var field in (string[])["limits", "requests"])
                {
                    foreach (var resource in (string[])["memory", "ephemeral-storage"])
                    {
                        if (container.Object("resources").Object(field)?.Text(resource) is { } text && ResourceLists.Value(text) is { IsInteger: false })
                            warnings.Add($"{path}.{list}[{index}].resources.{field}[{resource}]: fractional byte value {GoText.Quote(text)} is invalid, must be an integer");
                    }
                }
                index++;
            }
        }
    }

    private static void Check(JsonObject spec, string path, string list, HashSet<string> names, FieldErrors errors)
    {
        var index = 0;
        foreach (var container in spec.Objects(list))
        {
            var at = $"{path}.{list}[{index++}]";
            if (container.Text("name") is not { } name)
                errors.Add(FieldError.Required($"{at}.name"));
            else if (!names.Add(name))
                errors.Add(FieldError.Duplicate($"{at}.name", name));
            if (container.Text("image") is null)
                errors.Add(FieldError.Required($"{at}.image"));
            CheckResources(container.Object("resources"), $"{at}.resources", errors);
        }
    }
}

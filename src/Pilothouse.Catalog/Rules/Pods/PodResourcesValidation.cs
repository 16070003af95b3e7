using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Resources of a pod as a whole (KEP-2837): not less than what its containers ask for together.</summary>
internal static class PodResourcesValidation
{
    public static void Validate(JsonObject resources, PodSpecContext pod, FieldErrors errors)
    {
        var path = pod.Path.Child("resources");
        if (pod.Spec.Object("os")?.Text("name") == "windows")
        {
            errors.Forbidden(path, "may not be set for a windows pod");
            return;
        }
        if (resources.List("claims") is { Count: > 0 })
            errors.Forbidden(path.Child("claims"), "claims may not be set for Resources at pod-level");
        ResourceRequirementsValidation.ValidatePod(resources, pod.ClaimNames, path, pod.Options, errors);

        foreach (var (name, sum) in PodLevelDefaults.Sum(pod.Spec, "requests"))
        {
            if (Find(resources, "requests", name) is { } request && sum > request)
                errors.Invalid(path.Child("requests").Key(name), request.ToString(), $"must be greater than or equal to aggregate container requests of {sum}");
        }
        foreach (var (name, sum) in PodLevelDefaults.Sum(pod.Spec, "limits"))
        {
            if (ResourceNames.IsHugePages(name) && Find(resources, "limits", name) is { } limit && sum > limit)
                errors.Invalid(path.Child("limits").Key(name), limit.ToString(), $"must be greater than or equal to aggregate container limits of {sum}");
        }
        var containers = pod.Spec.List("containers");
        for (var i = 0; i < (containers?.Count ?? 0); i++)
        {
            foreach (var (name, node) in (containers![i] as JsonObject).Object("resources").Object("limits") ?? [])
            {
                var own = QuantityValidation.Read(node);
                if (Find(resources, "limits", name) is { } limit && own > limit)
                {
                    errors.Invalid(path.Child("containers").Index(i).Key(name).Child("limits"), own.ToString(),
                        $"must be less than or equal to pod limits of {limit}");
                }
            }
        }
    }

    private static Quantity? Find(JsonObject resources, string field, string name) =>
        resources.Object(field) is { } list && list.TryGetPropertyValue(name, out var node) ? QuantityValidation.Read(node) : null;
}

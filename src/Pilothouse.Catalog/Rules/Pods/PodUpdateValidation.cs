using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>What may change of a pod that exists: images, its deadline, more tolerations, and little else.</summary>
internal static class PodUpdateValidation
{
    private const string Frozen =
        "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
        + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
        + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    public static void Validate(JsonObject spec, JsonObject old, FieldErrors errors)
    {
        if (!ValidateContainers(spec, old, "containers", errors) || !ValidateContainers(spec, old, "initContainers", errors))
            return;
        if (!ValidateDeadline(spec, old, errors))
            return;
        ValidateTolerations(spec, old, errors);
        ValidateGates(spec, old, errors);
        if (TreeEquality.Same(spec, old))
            return;

        // Whatever may change is made equal; then nothing may differ.
        var rest = (JsonObject)spec.DeepClone();
        foreach (var list in (string[])["containers", "initContainers"])
        {
            foreach (var (container, before) in rest.Objects(list).Zip(old.Objects(list)))
                Put(container, "image", before["image"]);
        }
        foreach (var field in (string[])["activeDeadlineSeconds", "schedulingGates", "tolerations"])
            Put(rest, field, old[field]);
        if (old.Integer("terminationGracePeriodSeconds") < 0 && rest.Integer("terminationGracePeriodSeconds") == 1)
            Put(rest, "terminationGracePeriodSeconds", old["terminationGracePeriodSeconds"]);
        if (old.List("schedulingGates") is { Count: > 0 })
            PodGatedUpdate.AllowNarrowing(rest, old, errors);
        if (!TreeEquality.Same(rest, old))
            errors.Add(FieldError.Forbidden("spec", $"{Frozen}\n{FormDiff.Of(InternalForm.Of(old, "PodSpec"), InternalForm.Of(rest, "PodSpec"))}"));
    }

    /// <summary>Containers for looking inside are only added.</summary>
    public static void ValidateEphemeral(JsonObject spec, JsonObject old, JsonObject oldMetadata, FieldErrors errors)
    {
        if (oldMetadata.Object("annotations")?.ContainsKey(PodAnnotationValidation.Mirror) == true)
        {
            errors.Clear();
            errors.Add(FieldError.Forbidden("[]", "static pods do not support ephemeral containers"));
            return;
        }
        foreach (var before in old.Objects("ephemeralContainers"))
        {
            var name = before.Text("name") ?? "";
            var now = spec.Objects("ephemeralContainers").LastOrDefault(c => (c.Text("name") ?? "") == name);
            if (now is null)
                errors.Forbidden(FieldPath.Spec.Child("ephemeralContainers"), $"existing ephemeral containers {GoText.Quote(name)} may not be removed\n");
            else if (!TreeEquality.Same(before, now))
            {
                errors.Forbidden(FieldPath.Spec.Child("ephemeralContainers"), $"existing ephemeral containers {GoText.Quote(name)} may not be changed\n"
                    + FormDiff.Of(InternalForm.Of(before, "EphemeralContainer"), InternalForm.Of(now, "EphemeralContainer")));
            }
        }
    }

    private static int Count(JsonObject spec, string list) => spec.List(list)?.Count ?? 0;

    /// <summary>False when there are others than before: then nothing else is looked at.</summary>
    private static bool ValidateContainers(JsonObject spec, JsonObject old, string list, FieldErrors errors)
    {
        var path = FieldPath.Spec.Child(list);
        if (Count(spec, list) != Count(old, list))
        {
            errors.Forbidden(path, "pod updates may not add or remove containers");
            return false;
        }
        var index = 0;
        foreach (var container in spec.Objects(list))
        {
            if (string.IsNullOrEmpty(container.Text("image")))
                errors.Required(path.Index(index).Child("image"));
            ContainerValidation.ValidateImageIsTrimmed(container, path.Index(index), errors);
            index++;
        }
        return true;
    }

    /// <summary>False when nothing else is to be looked at.</summary>
    private static bool ValidateDeadline(JsonObject spec, JsonObject old, FieldErrors errors)
    {
        var path = FieldPath.Spec.Child("activeDeadlineSeconds");
        var (now, before) = (spec.Integer("activeDeadlineSeconds"), old.Integer("activeDeadlineSeconds"));
        if (now is not { } value)
        {
            if (before is not null)
                errors.Invalid(path, null, "must not update from a positive integer to nil value");
            return true;
        }
        if (value is < 0 or > int.MaxValue)
            errors.Invalid(path, value, FieldFormats.Between(0, int.MaxValue));
        else if (before < value)
            errors.Invalid(path, value, "must be less than or equal to previous value");
        else
            return true;
        return false;
    }

    private static void ValidateTolerations(JsonObject spec, JsonObject old, FieldErrors errors)
    {
        var path = FieldPath.Spec.Child("tolerations");
        var now = spec.Objects("tolerations").Select(Tolerated).ToHashSet();
        foreach (var before in old.Objects("tolerations"))
        {
            if (!now.Contains(Tolerated(before)))
            {
                errors.Forbidden(path, "existing toleration can not be modified except its tolerationSeconds");
                return;
            }
        }
        if (spec.List("tolerations") is { Count: > 0 } tolerations)
            TolerationValidation.Validate(tolerations, path, errors);
    }

    private static void ValidateGates(JsonObject spec, JsonObject old, FieldErrors errors)
    {
        if (spec.List("schedulingGates") is not { Count: > 0 } gates)
            return;
        var before = old.Objects("schedulingGates").Select(g => g.Text("name") ?? "").ToHashSet();
        for (var i = 0; i < gates.Count; i++)
        {
            var name = (gates[i] as JsonObject)?.Text("name") ?? "";
            if (!before.Contains(name))
                errors.Forbidden(FieldPath.Spec.Child("schedulingGates").Index(i).Child("name"), $"only deletion is allowed, but found new scheduling gate '{name}'");
        }
    }

    private static (string? Key, string? Operator, string? Value, string? Effect) Tolerated(JsonObject toleration) =>
        (toleration.Text("key"), toleration.Text("operator"), toleration.Text("value"), toleration.Text("effect"));

    internal static void Put(JsonObject target, string name, JsonNode? value)
    {
        if (value is null)
            target.Remove(name);
        else
            target[name] = value.DeepClone();
    }
}

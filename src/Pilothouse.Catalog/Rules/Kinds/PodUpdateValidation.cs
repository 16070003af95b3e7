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
        if (Count(spec, "containers") != Count(old, "containers"))
        {
            errors.Add(FieldError.Forbidden("spec.containers", "pod updates may not add or remove containers"));
            return;
        }
        if (Count(spec, "initContainers") != Count(old, "initContainers"))
        {
            errors.Add(FieldError.Forbidden("spec.initContainers", "pod updates may not add or remove containers"));
            return;
        }
        ValidateImages(spec, old, "containers", errors);
        ValidateImages(spec, old, "initContainers", errors);
        if (!ValidateDeadline(spec, old, errors))
            return;
        ValidateTolerations(spec, old, errors);

        // Whatever may change is made equal; then nothing may differ.
        var rest = (JsonObject)spec.DeepClone();
        foreach (var list in (string[])["containers", "initContainers"])
        {
            foreach (var (container, before) in rest.Objects(list).Zip(old.Objects(list)))
                Put(container, "image", before["image"]);
        }
        Put(rest, "activeDeadlineSeconds", old["activeDeadlineSeconds"]);
        Put(rest, "tolerations", old["tolerations"]);
        if (old.Integer("terminationGracePeriodSeconds") < 0 && rest.Integer("terminationGracePeriodSeconds") == 1)
            Put(rest, "terminationGracePeriodSeconds", old["terminationGracePeriodSeconds"]);
        if (old.List("schedulingGates") is { Count: > 0 })
            AllowWhileGated(rest, old, errors);
        if (!TreeEquality.Same(rest, old))
            errors.Add(FieldError.Forbidden("spec", Frozen));
    }

    private static int Count(JsonObject spec, string list) => spec.List(list)?.Count ?? 0;

    private static void ValidateImages(JsonObject spec, JsonObject old, string list, FieldErrors errors)
    {
        var index = 0;
        foreach (var (container, _) in spec.Objects(list).Zip(old.Objects(list)))
        {
            var at = $"spec.{list}[{index++}].image";
            if (container.Text("image") is not { } image)
                errors.Add(FieldError.Required(at));
            else if (image.Trim().Length != image.Length)
                errors.Add(FieldError.Invalid(at, image, "must not have leading or trailing whitespace"));
        }
    }

    /// <summary>False when it is wrong: then nothing else is looked at.</summary>
    private static bool ValidateDeadline(JsonObject spec, JsonObject old, FieldErrors errors)
    {
        const string Field = "spec.activeDeadlineSeconds";
        var (now, before) = (spec.Integer("activeDeadlineSeconds"), old.Integer("activeDeadlineSeconds"));
        if (now is { } value)
        {
            if (value is < 0 or > int.MaxValue)
                errors.Add(FieldError.Invalid(Field, value, "must be between 0 and 2147483647, inclusive"));
            else if (before is { } limit && limit < value)
                errors.Add(FieldError.Invalid(Field, value, "must be less than or equal to previous value"));
            else
                return true;
            return false;
        }
        if (before is null)
            return true;
        errors.Add(FieldError.Invalid(Field, null, "must not update from a positive integer to nil value"));
        return false;
    }

    private static void ValidateTolerations(JsonObject spec, JsonObject old, FieldErrors errors)
    {
        foreach (var before in old.Objects("tolerations"))
        {
            var same = spec.Objects("tolerations").Any(t => TreeEquality.Same(Without(t), Without(before)));
            if (!same)
            {
                errors.Add(FieldError.Forbidden(
                    "spec.tolerations", "existing toleration can not be modified except its tolerationSeconds"));
                return;
            }
        }
    }

    private static JsonObject Without(JsonObject toleration)
    {
        var rest = (JsonObject)toleration.DeepClone();
        rest.Remove("tolerationSeconds");
        return rest;
    }

    /// <summary>Before a pod is given to the scheduler its gates may go, and where it may run may become narrower.</summary>
    private static void AllowWhileGated(JsonObject rest, JsonObject old, FieldErrors errors)
    {
        var gates = old.Objects("schedulingGates").Select(g => g.Text("name")).ToHashSet();
        var index = 0;
        foreach (var gate in rest.Objects("schedulingGates"))
        {
            if (!gates.Contains(gate.Text("name")))
            {
                errors.Add(FieldError.Forbidden(
                    $"spec.schedulingGates[{index}]", "only deletion is allowed, but found new scheduling gate '" + gate.Text("name") + "'"));
            }
            index++;
        }
        Put(rest, "schedulingGates", old["schedulingGates"]);
        var selector = rest.Object("nodeSelector");
        if (old.Object("nodeSelector")?.All(s => TreeEquality.Same(selector?[s.Key], s.Value)) != false)
            Put(rest, "nodeSelector", old["nodeSelector"]);
        if (!old.ContainsKey("affinity"))
            rest.Remove("affinity");
    }

    private static void Put(JsonObject target, string name, JsonNode? value)
    {
        if (value is null)
            target.Remove(name);
        else
            target[name] = value.DeepClone();
    }
}

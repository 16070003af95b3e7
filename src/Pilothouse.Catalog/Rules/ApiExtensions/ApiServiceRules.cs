using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Versions of API groups, and who serves them.</summary>
internal sealed class ApiServiceRules : KindRules
{
    private static readonly FieldPath Service = FieldPath.Spec.Child("service");

    public ApiServiceRules() => KeptByStatus = ["labels", "annotations", "finalizers", "ownerReferences"];

    public override bool HasStatus => true;

    public override bool AllowsUnconditionalUpdate => false;

    public override NameRule NameRule => NameRule.PathSegment;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        var spec = obj.Object("spec") ?? [];
        var (group, version, name) = (spec.Word("group"), spec.Word("version"), obj.Object("metadata").Word("name"));
        if (NameFormats.PathSegment(name).Count == 0 && name != $"{version}.{group}")
            errors.Invalid(FieldPath.Metadata.Child("name"), name, $"must be `spec.version+\".\"+spec.group`: {GoText.Quote($"{version}.{group}")}");
        if (group.Length == 0 && version != "v1")
            errors.Required(FieldPath.Spec.Child("group"), "only v1 may have an empty group and it better be legacy kube");
        if (group.Length > 0)
            errors.InvalidEach(FieldPath.Spec, "group", group, NameFormats.DnsSubdomain(group));
        errors.InvalidEach(FieldPath.Spec, "version", version, NameFormats.Dns1035Label(version));
        ValidatePriority(spec, "groupPriorityMinimum", 20_000, errors);
        ValidatePriority(spec, "versionPriority", 1000, errors);
        var (authority, insecure) = (spec.Word("caBundle"), spec.Flag("insecureSkipTLSVerify") == true);
        if (spec.Object("service") is not { } service)
        {
            if (authority.Length > 0)
            {
                errors.Invalid(FieldPath.Spec.Child("caBundle"), $"{DataKeys.SizeOf(new() { ["a"] = authority }, base64: true)} bytes",
                    "local APIServices may not have a caBundle");
            }
            if (insecure)
                errors.Invalid(FieldPath.Spec.Child("insecureSkipTLSVerify"), insecure, "local APIServices may not have insecureSkipTLSVerify");
            return;
        }
        if (service.Word("namespace").Length == 0)
            errors.Required(Service.Child("namespace"));
        if (service.Word("name").Length == 0)
            errors.Required(Service.Child("name"));
        var port = service.Integer("port") ?? 0;
        if (FieldFormats.PortNumber(port) is [var fault])
            errors.Invalid(Service.Child("port"), port, "port is not valid: " + fault);
        if (insecure && authority.Length > 0)
            errors.Invalid(FieldPath.Spec.Child("insecureSkipTLSVerify"), insecure, "may not be true if caBundle is present");
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if (context.Subresource != "status")
        {
            Validate(context, obj, errors);
            return;
        }
        foreach (var (i, condition) in obj.Object("status").Items("conditions"))
        {
            if (condition.Word("status") is var state and not ("True" or "False" or "Unknown"))
                errors.NotSupported(FieldPath.Status.Child("conditions").Index(i).Child("status"), state, "True", "False", "Unknown");
        }
    }

    private static void ValidatePriority(JsonObject spec, string field, int max, FieldErrors errors)
    {
        var priority = spec.Integer(field) ?? 0;
        if (priority <= 0 || priority > max)
            errors.Invalid(FieldPath.Spec.Child(field), priority, $"must be positive and less than {max}");
    }
}

using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Classes of devices: selectors and configuration that claims can name.</summary>
internal sealed class DeviceClassRules : KindRules
{
    public override bool KeepsGeneration => true;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors) => Validate(obj, null, errors);

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors) =>
        Validate(obj, old.Object("spec") ?? [], errors);

    private static void Validate(JsonObject obj, JsonObject? old, FieldErrors errors)
    {
        var spec = obj.Object("spec") ?? [];
        DeviceLists.Validate(spec, "selectors", DeviceFields.MaxSelectors, null, FieldPath.Spec, errors, DeviceFields.ValidateSelector);
        var stored = old is not null && TreeEquality.Same(spec["config"], old["config"]);
        DeviceLists.Validate(spec, "config", DeviceFields.MaxConfigurations, null, FieldPath.Spec, errors,
            (item, path, found) => DeviceFields.ValidateConfiguration(item, path, stored, found));
        if (spec.Text("extendedResourceName") is { } name && !ResourceNames.IsExtended(name))
            errors.Invalid(FieldPath.Spec.Child("extendedResourceName"), name, "must be a valid extended resource name");
    }
}

using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog;

/// <summary>
/// Custom resources, in one version: their definition's schema is their rule. Every change outside metadata makes a new
/// generation; of status too, unless it has an endpoint of its own.
/// </summary>
/// <param name="type">The version's type.</param>
/// <param name="hasStatus">There is a status subresource.</param>
/// <param name="scale">Where the Scale's values are; null without that subresource.</param>
public sealed class CustomResourceRules(SchemaType type, bool hasStatus, ScalePaths? scale) : ResourceStrategy
{
    // Rules in CEL are compiled when something is written for the first time.
    private readonly Lazy<CustomRules?> _rules = new(() => CustomRules.Of(type.Structural!));

    private CustomRules? Rules => _rules.Value;

    public override bool HasStatus => hasStatus;

    public override bool KeepsGeneration => true;

    public override bool AllowsUnconditionalUpdate => false;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        var schema = type.Structural!;
        StructuralValidation.Validate(schema, obj, "", null, errors);
        ValidateScale(obj, errors, ofSpec: true);
        EmbeddedObjectValidation.Validate(schema, obj, errors);
        ListTypeValidation.Validate(schema, obj, errors);
        Rules?.Validate(obj, null, null, errors);
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        var schema = type.Structural!;
        var correlation = Correlation.OfObject(schema, obj, old);
        var ofStatus = context.Subresource == "status";
        if (!ofStatus)
            StructuralValidation.Validate(schema, obj, "", correlation, errors);
        else if (obj.TryGetPropertyValue("status", out var status) && schema.Properties.TryGetValue("status", out var ofValue))
            StructuralValidation.Validate(ofValue, status, "status", correlation.Key("status"), errors);
        ValidateScale(obj, errors, ofSpec: !ofStatus);
        if (!ofStatus)
            EmbeddedObjectValidation.Validate(schema, obj, errors);
        // Lists that held something twice before may go on to do so.
        var before = new FieldErrors();
        ListTypeValidation.Validate(schema, old, before);
        if (!before.Any)
            ListTypeValidation.Validate(schema, obj, errors);
        Rules?.Validate(obj, old, correlation, errors, context.Warnings);
    }

    public override void Warn(WriteContext context, JsonObject obj, JsonObject? old)
    {
        if (context.Subresource == "status")
            return;
        var before = (old?.Object("metadata").List("finalizers") ?? []).Select(f => f.AsText()).ToHashSet();
        foreach (var finalizer in (obj.Object("metadata").List("finalizers") ?? []).Select(f => f.AsText() ?? "").Distinct().Order(StringComparer.Ordinal))
        {
            if (!before.Contains(finalizer))
                WarnOfFinalizer(finalizer, context.Warnings);
        }
    }

    private static void WarnOfFinalizer(string finalizer, ICollection<string> warnings)
    {
        var start = $"metadata.finalizers: {GoText.Quote(finalizer)}: ";
        foreach (var fault in NameFormats.QualifiedName(finalizer))
            warnings.Add(start + fault);
        if (finalizer.Contains('/', StringComparison.Ordinal) || finalizer is "orphan" or "foregroundDeletion" or "kubernetes")
            return;
        warnings.Add(start + "prefer a domain-qualified finalizer name "
            + (finalizer.Contains('.', StringComparison.Ordinal) ? "including a path (/) " : "") + "to avoid accidental conflicts with other finalizer writers");
    }

    /// <summary>What the Scale is made from must be what a Scale can hold.</summary>
    private void ValidateScale(JsonObject obj, FieldErrors errors, bool ofSpec)
    {
        if (scale is null)
            return;
        if (ofSpec)
            CheckReplicas(scale.SpecReplicas);
        CheckReplicas(scale.StatusReplicas);
        if (scale.LabelSelector.Length > 0)
            CheckSelector(scale.LabelSelector);

        void CheckSelector(string path)
        {
            var fault = Find(obj, path, out var value);
            if (fault is null && value is not null && value.AsText() is null)
                fault = Accessor(path, value, "string");
            if (fault is not null)
                errors.Add(FieldError.Invalid(path, "", fault));
        }

        void CheckReplicas(string path)
        {
            var fault = Find(obj, path, out var value);
            if (fault is null && value is not null && value.AsInteger() is null)
                fault = Accessor(path, value, "int64");
            if (fault is not null)
                errors.Add(FieldError.Invalid(path, 0L, fault));
            else if (value.AsInteger() < 0)
                errors.Add(FieldError.Invalid(path, value, "should be a non-negative integer"));
            else if (value.AsInteger() > int.MaxValue)
                errors.Add(FieldError.Invalid(path, value, $"should be less than or equal to {int.MaxValue}"));
        }
    }

    private static string Accessor(string path, JsonNode value, string wanted) =>
        $"{path} accessor error: {GoValue.Print(value)} is of the type {GoValue.TypeOf(value)}, expected {wanted}";

    /// <summary>The value at a path; what is wrong with the way there, or null.</summary>
    private static string? Find(JsonObject obj, string path, out JsonNode? value)
    {
        value = obj;
        var walked = "";
        foreach (var step in ScalePaths.Steps(path))
        {
            if (value is not JsonObject map)
                return Accessor(walked, value!, "map[string]interface{}");
            walked += "." + step;
            if (!map.TryGetPropertyValue(step, out value) || value is null)
            {
                value = null;
                return null;
            }
        }
        return null;
    }

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        if (context.Subresource == "status")
        {
            CarryAllButStatus(obj, old);
            return;
        }
        base.PrepareForUpdate(context, obj, old);
    }

    protected override bool IsNewGeneration(JsonObject obj, JsonObject old) => !SameBeside(obj, old) || !SameBeside(old, obj);

    private static bool SameBeside(JsonObject first, JsonObject second)
    {
        foreach (var (name, value) in first)
        {
            if (name != "metadata" && !(second.TryGetPropertyValue(name, out var other) && JsonNode.DeepEquals(value, other)))
                return false;
        }
        return true;
    }

    /// <summary>The old object with the new status, and with what was noted of who wrote that.</summary>
    private static void CarryAllButStatus(JsonObject obj, JsonObject old)
    {
        foreach (var name in obj.Select(p => p.Key).Where(n => n is not ("metadata" or "status")).ToList())
            obj.Remove(name);
        foreach (var (name, value) in old)
        {
            if (name is not ("metadata" or "status"))
                obj[name] = value?.DeepClone();
        }
        var metadata = ObjectMetadata.Of(obj).Json;
        foreach (var name in metadata.Select(p => p.Key).Where(n => n is not ("managedFields" or "resourceVersion")).ToList())
            metadata.Remove(name);
        foreach (var (name, value) in old.Object("metadata") ?? [])
        {
            if (name is not ("managedFields" or "resourceVersion"))
                metadata[name] = value?.DeepClone();
        }
    }
}

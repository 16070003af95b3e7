using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// Namespaces: a delete only marks them; whoever empties them then takes their finalizers away through the finalize endpoint,
/// and the last one takes the namespace with it.
/// </summary>
internal sealed class NamespaceRules : KindRules
{
    private const string Finalizer = "kubernetes";
    private const string NameLabel = "kubernetes.io/metadata.name";

    public override NameRule NameRule => NameRule.DnsLabel;

    public override void PrepareForCreate(WriteContext context, JsonObject obj)
    {
        obj["status"] = new JsonObject { ["phase"] = "Active" };
        var spec = obj.ObjectOrNew("spec");
        if (spec.List("finalizers") is not { } finalizers)
            spec["finalizers"] = finalizers = [];
        if (!finalizers.Any(f => f.AsText() == Finalizer))
            finalizers.Add((JsonNode)Finalizer);
        Label(obj);
    }

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        ObjectMetadata.Of(obj).Generation = new ObjectMetadata(old.Object("metadata") ?? []).Generation;
        switch (context.Subresource)
        {
            case "status":
                Carry("spec", obj, old);
                break;
            case "finalize":
                Carry("status", obj, old);
                break;
            default:
                // Finalizers come and go through their own endpoint only.
                Carry("status", obj, old);
                var spec = obj.ObjectOrNew("spec");
                if (old.Object("spec") is { } oldSpec)
                    Carry("finalizers", spec, oldSpec);
                else
                    spec.Remove("finalizers");
                break;
        }
        Label(obj);
    }

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors) => ValidateFinalizers(obj, indexed: false, errors);

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if (context.Subresource == "finalize")
            ValidateFinalizers(obj, indexed: true, errors);
        if (context.Subresource != "status")
            return;
        var (phase, terminating) = (obj.Object("status").Word("phase"), obj.Object("metadata").Word("deletionTimestamp").Length > 0);
        if (!terminating && phase != "Active")
            errors.Invalid(FieldPath.Status.Child("Phase"), phase, "may only be 'Active' if `deletionTimestamp` is empty");
        else if (terminating && phase != "Terminating")
            errors.Invalid(FieldPath.Status.Child("Phase"), phase, "may only be 'Terminating' if `deletionTimestamp` is not empty");
    }

    private static void ValidateFinalizers(JsonObject obj, bool indexed, FieldErrors errors)
    {
        var index = 0;
        foreach (var finalizer in obj.Object("spec").List("finalizers") ?? [])
        {
            var at = indexed ? $"spec.finalizers[{index++}]" : "spec.finalizers";
            var name = finalizer.AsText() ?? "";
            foreach (var fault in NameFormats.QualifiedName(name))
                errors.Add(FieldError.Invalid(at, name, fault));
            if (!name.Contains('/') && name is not (Finalizer or "orphan" or "foregroundDeletion"))
                errors.Add(FieldError.Invalid(at, name, "name is neither a standard finalizer name nor is it fully qualified"));
        }
    }

    public override bool MarksBeforeDeletion => true;

    public override bool MarkSettlesDependents => true;

    public override bool HoldsDeletion(JsonObject obj) => obj.Object("spec").List("finalizers") is { Count: > 0 };

    public override void PrepareForDeletion(WriteContext context, JsonObject obj) => obj.ObjectOrNew("status")["phase"] = "Terminating";

    /// <summary>Selectors of namespaces rely on every namespace having its name as a label; a generated one is known only now.</summary>
    private static void Label(JsonObject obj)
    {
        var metadata = ObjectMetadata.Of(obj);
        metadata.Json.ObjectOrNew("labels")[NameLabel] = metadata.Name;
    }
}

using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// Definitions of custom resources. A delete only marks one; it goes when its instances are gone, which whoever takes its
/// finalizer away sees to.
/// </summary>
internal sealed class DefinitionRules : KindRules
{
    public override bool HasStatus => true;

    public override bool KeepsGeneration => true;

    public override bool AllowsUnconditionalUpdate => false;

    public override bool MarksBeforeDeletion => true;

    public override void PrepareForCreate(WriteContext context, JsonObject obj)
    {
        base.PrepareForCreate(context, obj);
        AddStoredVersion(obj);
    }

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        // Through status metadata is written too, as upstream has it (kubernetes issue 137681).
        base.PrepareForUpdate(context, obj, old);
        if (context.Subresource.Length == 0)
            AddStoredVersion(obj);
    }

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors) => DefinitionValidation.Validate(obj, null, errors);

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if (context.Subresource == "status")
            DefinitionValidation.ValidateStatus(obj, errors);
        else
            DefinitionValidation.Validate(obj, old, errors);
    }

    public override void Warn(WriteContext context, JsonObject obj, JsonObject? old)
    {
        if (context.Subresource.Length > 0)
            return;
        foreach (var format in UnknownFormats.In(obj, old))
            context.Warnings.Add($"unrecognized format {GoText.Quote(format)}");
    }

    public override void PrepareForDeletion(WriteContext context, JsonObject obj)
    {
        if (!DefinitionConditions.HasCleanup(obj))
        {
            var metadata = ObjectMetadata.Of(obj).Json;
            if (metadata.List("finalizers") is not { } finalizers)
                metadata["finalizers"] = finalizers = [];
            finalizers.Add((JsonNode)DefinitionConditions.CleanupFinalizer);
        }
        DefinitionConditions.Set(
            obj, DefinitionConditions.Terminating, "True", "InstanceDeletionPending",
            "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon", context.Now);
    }

    /// <summary>Objects may be stored in this version from now on, and stay so until somebody has migrated them.</summary>
    private static void AddStoredVersion(JsonObject obj)
    {
        foreach (var (_, version) in obj.Object("spec").Items("versions"))
        {
            if (version.Flag("storage") != true)
                continue;
            var (status, name) = (obj.ObjectOrNew("status"), version.Word("name"));
            if (status.List("storedVersions") is not { } stored)
                status["storedVersions"] = stored = [];
            if (!status.HasWord("storedVersions", name))
                stored.Add((JsonNode)name);
            return;
        }
    }
}

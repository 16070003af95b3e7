using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Storage drivers. How volumes are attached, and what volumes there are, does not change.</summary>
internal sealed class CsiDriverRules : KindRules
{
    private const string Recommended =
        "spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible "
        + "logging of tokens in volume attributes";

    private const long MinExpiration = 600;
    private const long MaxExpiration = 1L << 32;

    public override bool AllowsUnconditionalUpdate => false;

    public override void PrepareForCreate(WriteContext context, JsonObject obj)
    {
        base.PrepareForCreate(context, obj);
        Drop(obj, null);
    }

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        base.PrepareForUpdate(context, obj, old);
        Drop(obj, old);
        // Generations begin with the first change: creation counts none.
        var metadata = ObjectMetadata.Of(obj);
        if (!TreeEquality.Same(obj["spec"], old["spec"]))
            metadata.Generation++;
    }

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        var spec = obj.Object("spec") ?? [];
        foreach (var (field, shown) in (ReadOnlySpan<(string, string)>)
            [("attachRequired", "attachedRequired"), ("podInfoOnMount", "podInfoOnMount"), ("storageCapacity", "storageCapacity")])
        {
            if (!spec.ContainsKey(field))
                errors.Required(FieldPath.Spec.Child(shown));
        }
        if (spec.Text("fsGroupPolicy") is { } policy && policy is not ("File" or "None" or "ReadWriteOnceWithFSType"))
            errors.NotSupported(FieldPath.Spec.Child("fsGroupPolicy"), policy, "File", "None", "ReadWriteOnceWithFSType");
        ValidateTokens(spec, errors);
        foreach (var (_, mode) in spec.Words("volumeLifecycleModes"))
        {
            if (mode is not ("Persistent" or "Ephemeral"))
                errors.NotSupported(FieldPath.Spec.Child("volumeLifecycleModes"), mode, "Persistent", "Ephemeral");
        }
        if (!spec.ContainsKey("seLinuxMount"))
            errors.Required(FieldPath.Spec.Child("seLinuxMount"));
        if (spec.Integer("nodeAllocatableUpdatePeriodSeconds") is < 10 and { } period)
        {
            errors.Invalid(FieldPath.Spec.Child("nodeAllocatableUpdatePeriodSeconds"), period,
                "must be greater than or equal to 10 seconds");
        }
        if (spec.Flag("serviceAccountTokenInSecrets") is { } inSecrets && spec.CountOf("tokenRequests") == 0)
        {
            errors.Invalid(FieldPath.Spec.Child("serviceAccountTokenInSecrets"), inSecrets,
                "serviceAccountTokenInSecrets is set but no tokenRequests are specified");
        }
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        Validate(context, obj, errors);
        var (spec, before) = (obj.Object("spec"), old.Object("spec"));
        errors.CheckSame(spec?["attachRequired"], before?["attachRequired"], FieldPath.Spec.Child("attachedRequired"));
        errors.CheckSame(spec?["volumeLifecycleModes"], before?["volumeLifecycleModes"], FieldPath.Spec.Child("volumeLifecycleModes"));
    }

    public override void Warn(WriteContext context, JsonObject obj, JsonObject? old)
    {
        var spec = obj.Object("spec") ?? [];
        if (spec.CountOf("tokenRequests") > 0 && !spec.ContainsKey("serviceAccountTokenInSecrets")
            && (old is null || !TreeEquality.Same(spec["tokenRequests"], old.Object("spec")?["tokenRequests"])))
        {
            context.Warnings.Add(Recommended);
        }
    }

    private static void ValidateTokens(JsonObject spec, FieldErrors errors)
    {
        var audiences = new HashSet<string>();
        foreach (var (i, request) in spec.Items("tokenRequests"))
        {
            var path = FieldPath.Spec.Child("tokenRequests").Index(i);
            var audience = request.Word("audience");
            if (!audiences.Add(audience))
            {
                errors.Duplicate(path.Child("audience"), audience);
                continue;
            }
            if (request.Integer("expirationSeconds") is not { } seconds)
                continue;
            if (seconds < MinExpiration)
                errors.Invalid(path.Child("expirationSeconds"), seconds, "may not specify a duration less than 10 minutes");
            if (seconds > MaxExpiration)
                errors.Invalid(path.Child("expirationSeconds"), seconds, "may not specify a duration larger than 2^32 seconds");
        }
    }

    /// <summary>Scaling of volume limits is off by default: its field is kept only where it is in use.</summary>
    private static void Drop(JsonObject obj, JsonObject? old)
    {
        const string Field = "preventPodSchedulingIfMissing";
        if (old.Object("spec")?.ContainsKey(Field) != true)
            obj.Object("spec")?.Remove(Field);
    }
}

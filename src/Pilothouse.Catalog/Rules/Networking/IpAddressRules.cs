using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Addresses that are taken, each by the object that it names.</summary>
internal sealed class IpAddressRules : KindRules
{
    public override NameRule NameRule => NameRule.IpAddress;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        var path = FieldPath.Spec.Child("parentRef");
        if (obj.Object("spec").Object("parentRef") is not { } parent)
        {
            errors.Required(path);
            return;
        }
        if (parent.Word("group") is { Length: > 0 } group)
            errors.InvalidEach(path.Child("group"), group, NameFormats.DnsSubdomain(group));
        References.ValidateSegment(parent, "resource", path, errors);
        References.ValidateSegment(parent, "name", path, errors);
        if (parent.Word("namespace") is { Length: > 0 } @namespace)
            errors.InvalidEach(path.Child("namespace"), @namespace, NameFormats.PathSegment(@namespace));
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        Validate(context, obj, errors);
        errors.CheckImmutable(
            obj.Object("spec")?["parentRef"], old.Object("spec")?["parentRef"], "ParentReference", FieldPath.Spec.Child("parentRef"));
    }
}

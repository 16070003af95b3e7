using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Bindings of roles: what they bind never changes.</summary>
internal sealed class RoleBindingRules(bool namespaced) : RbacRules
{
    private const string Group = "rbac.authorization.k8s.io";

    private static readonly FieldPath RoleRef = FieldPath.Of("roleRef");
    private static readonly FieldPath Subjects = FieldPath.Of("subjects");

    private static readonly string[] SubjectKinds = ["ServiceAccount", "User", "Group"];

    private readonly string[] _roleKinds = namespaced ? ["Role", "ClusterRole"] : ["ClusterRole"];

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        var role = obj.Object("roleRef") ?? [];
        if (role.Word("apiGroup") is var group && group != Group)
            errors.NotSupported(RoleRef.Child("apiGroup"), group, Group);
        if (role.Word("kind") is var kind && !_roleKinds.Contains(kind))
            errors.NotSupported(RoleRef.Child("kind"), kind, _roleKinds);
        References.ValidateSegment(role, "name", RoleRef, errors);
        foreach (var (i, subject) in obj.Items("subjects"))
            ValidateSubject(subject, Subjects.Index(i), errors);
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        Validate(context, obj, errors);
        if (!TreeEquality.Same(obj["roleRef"], old["roleRef"]))
            errors.Invalid(RoleRef, InternalForm.Show(obj.Object("roleRef") ?? [], "RoleRef"), "cannot change roleRef");
    }

    private void ValidateSubject(JsonObject subject, FieldPath path, FieldErrors errors)
    {
        var (name, group) = (subject.Word("name"), subject.Word("apiGroup"));
        if (name.Length == 0)
            errors.Required(path.Child("name"));
        switch (subject.Word("kind"))
        {
            case "ServiceAccount":
                if (name.Length > 0)
                    errors.InvalidEach(path, "name", name, NameFormats.DnsSubdomain(name));
                if (group.Length > 0)
                    errors.NotSupported(path.Child("apiGroup"), group, "");
                if (!namespaced && subject.Word("namespace").Length == 0)
                    errors.Required(path.Child("namespace"));
                break;
            case "User" or "Group":
                if (group != Group)
                    errors.NotSupported(path.Child("apiGroup"), group, Group);
                break;
            case var kind:
                errors.NotSupported(path.Child("kind"), kind, SubjectKinds);
                break;
        }
    }
}

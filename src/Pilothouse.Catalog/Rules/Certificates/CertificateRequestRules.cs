using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// Certificate signing requests: the server notes who asked, and from then on only the status changes: conditions of
/// approval through one endpoint, the certificate through another.
/// </summary>
internal sealed class CertificateRequestRules : KindRules
{
    public override bool HasStatus => true;

    public override void PrepareForCreate(WriteContext context, JsonObject obj)
    {
        base.PrepareForCreate(context, obj);
        var spec = obj.ObjectOrNew("spec");
        Put(spec, "username", context.User.Name);
        Put(spec, "uid", context.User.Uid);
        spec.Remove("groups");
        if (context.User.Groups.Count > 0)
            spec["groups"] = new JsonArray([.. context.User.Groups.Select(g => (JsonNode)g)]);
        spec.Remove("extra");
        if (context.User.Extra.Count > 0)
        {
            spec["extra"] = new JsonObject(context.User.Extra.Select(
                e => KeyValuePair.Create(e.Key, (JsonNode?)new JsonArray([.. e.Value.Select(v => (JsonNode)v)]))));
        }
    }

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        Carry("spec", obj, old);
        switch (context.Subresource)
        {
            case "status":
                break;
            case "approval":
                // Only the conditions are this endpoint's.
                var conditions = obj.Object("status").List("conditions")?.DeepClone();
                Carry("status", obj, old);
                var status = obj.ObjectOrNew("status");
                status.Remove("conditions");
                if (conditions is not null)
                    status["conditions"] = conditions;
                break;
            default:
                Carry("status", obj, old);
                return;
        }
        NoteTimes(context, obj);
    }

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors) =>
        CertificateRequestValidation.Validate(obj, null, errors);

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        CertificateRequestValidation.Validate(obj, old, errors);
        var certificate = obj.Object("status").Word("certificate");
        var before = old.Object("status").Word("certificate");
        if (certificate.Length > 0 && certificate != before && !HasCertificate(certificate))
            errors.Invalid(FieldPath.Status.Child("certificate"), "<certificate data>", "must contain at least one CERTIFICATE PEM block");
        foreach (var type in (ReadOnlySpan<string>)["Approved", "Denied", "Failed"])
        {
            if (ConditionsOf(obj, type).Count < ConditionsOf(old, type).Count)
                errors.Forbidden(Conditions, $"updates may not remove a condition of type {GoText.Quote(type)}");
        }
        // Who decides says so through the approval endpoint, and nobody takes it back.
        foreach (var type in (ReadOnlySpan<string>)(context.Subresource == "approval" ? [] : ["Approved", "Denied"]))
        {
            var (now, was) = (ConditionsOf(obj, type), ConditionsOf(old, type));
            if (now.Count > was.Count)
                errors.Forbidden(Conditions, $"updates may not add a condition of type {GoText.Quote(type)}");
            else if (now.Count == was.Count && !TreeEquality.Same(now, was))
            {
                errors.Forbidden(Conditions, $"updates may not modify a condition of type {GoText.Quote(type)}\n"
                    + FormDiff.Of(InternalForm.Of(was, Form), InternalForm.Of(now, Form)));
            }
        }
        if (certificate == before)
            return;
        if (context.Subresource != "status")
            errors.Forbidden(FieldPath.Status.Child("certificate"), "updates may not set certificate content");
        else if (before.Length > 0)
            errors.Forbidden(FieldPath.Status.Child("certificate"), "updates may not modify existing certificate content");
    }

    private const string Form = "CertificateSigningRequestCondition";

    private static readonly FieldPath Conditions = FieldPath.Status.Child("conditions");

    private static JsonArray ConditionsOf(JsonObject obj, string type)
    {
        var found = new JsonArray();
        foreach (var (_, condition) in obj.Object("status").Items("conditions"))
        {
            if (condition.Word("type") == type)
                found.Add(condition.DeepClone());
        }
        return found;
    }

    private static bool HasCertificate(string encoded)
    {
        var text = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, text, out var length)
            && text.AsSpan(0, length).IndexOf("-----BEGIN CERTIFICATE-----"u8) >= 0;
    }

    private static void NoteTimes(WriteContext context, JsonObject obj)
    {
        foreach (var condition in obj.Object("status").Objects("conditions"))
        {
            if (!condition.ContainsKey("lastUpdateTime"))
                condition["lastUpdateTime"] = Time(context.Now);
            if (!condition.ContainsKey("lastTransitionTime"))
                condition["lastTransitionTime"] = Time(context.Now);
        }
    }

    private static void Put(JsonObject obj, string name, string value)
    {
        if (value.Length == 0)
            obj.Remove(name);
        else
            obj[name] = value;
    }
}

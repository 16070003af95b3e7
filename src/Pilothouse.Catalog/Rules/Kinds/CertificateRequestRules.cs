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

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        const string Field = "status.conditions";
        var conditions = obj.Object("status").Objects("conditions").ToList();
        for (var i = 0; i < conditions.Count; i++)
        {
            var type = conditions[i].Text("type");
            var status = conditions[i].Text("status") ?? "";
            if (type is "Approved" or "Denied" or "Failed" && status != "True")
                errors.Add(FieldError.NotSupported($"{Field}[{i}].status", status, ["True"]));
        }
        for (var i = 1; i < conditions.Count; i++)
        {
            var type = conditions[i].Text("type");
            if (conditions.FindIndex(c => c.Text("type") == type) < i)
                errors.Add(FieldError.Duplicate($"{Field}[{i}].type", type ?? ""));
        }
        if (obj.Object("status")?.Text("certificate") is { Length: > 0 } certificate
            && certificate != old.Object("status")?.Text("certificate") && !HasCertificate(certificate))
        {
            errors.Add(FieldError.Invalid("status.certificate", "<certificate data>", "must contain at least one CERTIFICATE PEM block"));
        }
        var before = old.Object("status").Objects("conditions").ToList();
        foreach (var type in (string[])["Approved", "Denied", "Failed"])
        {
            // Who decides says so through the approval endpoint, and nobody takes it back.
            var (now, was) = (conditions.FindAll(c => c.Text("type") == type), before.FindAll(c => c.Text("type") == type));
            var mayAdd = context.Subresource == (type == "Failed" ? "status" : "approval");
            if (was.Count == 0 && now.Count > 0 && !mayAdd)
                errors.Add(FieldError.Forbidden(Field, $"updates may not add a condition of type \"{type}\""));
            else if (was.Count > 0 && now.Count == 0)
                errors.Add(FieldError.Forbidden(Field, $"updates may not remove a condition of type \"{type}\""));
            else if (was.Count > 0 && !TreeEquality.Same(now[0], was[0]))
                errors.Add(FieldError.Forbidden(Field, $"updates may not modify a condition of type \"{type}\""));
        }
        if (conditions.Exists(c => c.Text("type") == "Approved") && conditions.Exists(c => c.Text("type") == "Denied"))
            errors.Add(FieldError.Invalid(Field, "Denied", "Approved and Denied conditions are mutually exclusive"));
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

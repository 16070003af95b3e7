using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// Certificate signing requests: the server notes who asked, and from then on only the status changes: conditions of
/// approval through one endpoint, the certificate through another.
/// </summary>
internal sealed class CertificateRequestRules : KindRules
{
    private static readonly string[] Decisions = ["Approved", "Denied"];

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
        var status = obj.Object("status");
        var before = old.Object("status");
        switch (context.Subresource)
        {
            case "status":
                // Decisions belong to the approval endpoint.
                PutConditions(obj, Conditions(status, decisions: false).Concat(Conditions(before, decisions: true)), status, before);
                break;
            case "approval":
                PutConditions(obj, Conditions(before, decisions: false).Concat(Conditions(status, decisions: true)), status, before);
                Carry("certificate", obj.ObjectOrNew("status"), before ?? []);
                break;
            default:
                Carry("status", obj, old);
                break;
        }
        if (context.Subresource.Length > 0)
        {
            NoteTimes(context, obj);
        }
    }

    private static IEnumerable<JsonObject> Conditions(JsonObject? status, bool decisions) =>
        status.Objects("conditions").Where(c => Decisions.Contains(c.Text("type")) == decisions);

    private static void PutConditions(JsonObject obj, IEnumerable<JsonObject> conditions, JsonObject? status, JsonObject? before)
    {
        // The order of the new state is kept where it has the condition, the rest follows.
        var wanted = conditions.ToList();
        var order = status.Objects("conditions").Concat(before.Objects("conditions")).Select(c => c.Text("type")).ToList();
        var sorted = wanted.OrderBy(c => order.IndexOf(c.Text("type"))).Select(c => c.DeepClone()).ToArray();
        var target = obj.ObjectOrNew("status");
        if (sorted.Length == 0)
            target.Remove("conditions");
        else
            target["conditions"] = new JsonArray(sorted);
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

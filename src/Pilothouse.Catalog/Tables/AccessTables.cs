using System.Text.Json;

namespace Pilothouse.Catalog;

/// <summary>Who may do what, and who says so: RBAC bindings, certificates, admission, flow control.</summary>
internal static class AccessTables
{
    public static TablePrinter RoleBindings { get; } = new(
    [
        TableColumn.ObjectName,
        new("Role", "The role that is granted."),
        TableColumn.Age,
        TableColumn.Wide("Users", "Users who get it."),
        TableColumn.Wide("Groups", "Groups that get it."),
        TableColumn.Wide("ServiceAccounts", "Service accounts that get it."),
    ], (obj, row) =>
    {
        var role = obj.Get("roleRef");
        row.Name(obj);
        row.Text($"{role.Text("kind")}/{role.Text("name")}");
        row.Age(obj);
        row.Text(Subjects(obj, "User"));
        row.Text(Subjects(obj, "Group"));
        row.Text(Subjects(obj, "ServiceAccount"));
    });

    public static TablePrinter CertificateSigningRequests { get; } = new(
    [
        TableColumn.ObjectName,
        TableColumn.Age,
        new("SignerName", "Who is to sign."),
        new("Requestor", "Who asks."),
        new("RequestedDuration", "How long it shall be valid."),
        new("Condition", "Where it stands."),
    ], (obj, row) =>
    {
        var spec = obj.Get("spec");
        var seconds = spec.Get("expirationSeconds").Exists() ? spec.Number("expirationSeconds") : (long?)null;
        row.Name(obj);
        row.Age(obj);
        row.Text(spec.Text("signerName"), TableText.None);
        row.Text(spec.Text("username"));
        row.Text(seconds is { } length ? HumanDuration.Of(TimeSpan.FromSeconds(length)) : TableText.None);
        row.Text((obj.Condition("Denied").Exists() ? "Denied" : obj.Condition("Approved").Exists() ? "Approved" : "Pending")
            + (obj.Condition("Failed").Exists() ? ",Failed" : "")
            + (obj.Get("status").Text("certificate").Length > 0 ? ",Issued" : ""));
    });

    public static TablePrinter WebhookConfigurations { get; } = Counting("Webhooks", "Number of webhooks.", obj => obj.Count("webhooks"));

    public static TablePrinter ValidatingPolicies { get; } = Policies("Validations", "Number of validations.", "validations");

    public static TablePrinter MutatingPolicies { get; } = Policies("Mutations", "Number of mutations.", "mutations");

    public static TablePrinter PolicyBindings { get; } = new(
    [
        TableColumn.ObjectName,
        new("PolicyName", "The policy that it puts to use."),
        new("ParamRef", "The policy's parameters."),
        TableColumn.Age,
    ], (obj, row) =>
    {
        var reference = obj.Get("spec", "paramRef");
        var name = reference.Text("name");
        row.Name(obj);
        row.Text(obj.Get("spec").Text("policyName"));
        row.Text(
            name.Length > 0 ? reference.Text("namespace") is { Length: > 0 } ns ? $"{ns}/{name}" : $"*/{name}"
            : reference.Get("selector").Exists() ? GoSelector(reference.Get("selector"))
            : TableText.Unset);
        row.Age(obj);
    });

    public static TablePrinter FlowSchemas { get; } = new(
    [
        TableColumn.ObjectName,
        new("PriorityLevel", "The priority level of what it matches."),
        new("MatchingPrecedence", "The lower, the earlier it is tried."),
        new("DistinguisherMethod", "How flows are told apart."),
        TableColumn.Age,
        new("MissingPL", "Whether its priority level is missing."),
    ], (obj, row) =>
    {
        var spec = obj.Get("spec");
        row.Name(obj);
        row.Text(spec.Get("priorityLevelConfiguration").Text("name"));
        row.Number(spec.Number("matchingPrecedence"));
        row.Text(spec.Get("distinguisherMethod").Exists() ? spec.Get("distinguisherMethod").Text("type") : TableText.None);
        row.Age(obj);
        row.Text(obj.Condition("Dangling") is var dangling && dangling.Exists() ? dangling.Text("status") : "?");
    })
    {
        SortKey = obj => obj.Get("spec").Number("matchingPrecedence"),
    };

    public static TablePrinter PriorityLevels { get; } = new(
    [
        TableColumn.ObjectName,
        new("Type", "Limited, or exempt."),
        new("NominalConcurrencyShares", "Its share of the server's concurrency."),
        new("Queues", "Number of queues."),
        new("HandSize", "Queues among which a flow chooses."),
        new("QueueLengthLimit", "How many requests may wait in a queue."),
        TableColumn.Age,
    ], (obj, row) =>
    {
        var limited = obj.Get("spec", "limited");
        var queuing = limited.Get("limitResponse", "queuing");
        row.Name(obj);
        row.Text(obj.Get("spec").Text("type"));
        NumberOrNone(limited, "nominalConcurrencyShares");
        NumberOrNone(queuing, "queues");
        NumberOrNone(queuing, "handSize");
        NumberOrNone(queuing, "queueLengthLimit");
        row.Age(obj);

        void NumberOrNone(JsonElement owner, string field)
        {
            if (owner.Exists())
                row.Number(owner.Number(field));
            else
                row.Text(TableText.None);
        }
    });

    public static TablePrinter ApiServices { get; } = new(
    [
        TableColumn.ObjectName,
        new("Service", "The service behind it."),
        new("Available", "Whether it answers."),
        TableColumn.Age,
    ], (obj, row) =>
    {
        var service = obj.Get("spec", "service");
        var available = obj.Condition("Available");
        var (status, reason) = (available.Text("status"), available.Text("reason"));
        row.Name(obj);
        row.Text(service.Exists() ? $"{service.Text("namespace")}/{service.Text("name")}" : "Local");
        row.Text(!available.Exists() ? "Unknown" : status == "True" || reason.Length == 0 ? status : $"{status} ({reason})");
        row.Age(obj);
    });

    private static TablePrinter Counting(string column, string description, Func<JsonElement, int> count) => new(
        [TableColumn.ObjectName, TableColumn.Integer(column, description), TableColumn.Age],
        (obj, row) =>
        {
            row.Name(obj);
            row.Number(count(obj));
            row.Age(obj);
        });

    private static TablePrinter Policies(string column, string description, string field) => new(
    [
        TableColumn.ObjectName,
        TableColumn.Integer(column, description),
        new("ParamKind", "The kind of its parameters."),
        TableColumn.Age,
    ], (obj, row) =>
    {
        var kind = obj.Get("spec", "paramKind");
        row.Name(obj);
        row.Number(obj.Get("spec").Count(field));
        row.Text(kind.Exists() ? $"{kind.Text("apiVersion")}/{kind.Text("kind")}" : TableText.Unset);
        row.Age(obj);
    });

    private static string Subjects(JsonElement binding, string kind)
    {
        var names = new List<string>();
        foreach (var subject in binding.Items("subjects"))
        {
            if (subject.Text("kind") == kind)
                names.Add(kind == "ServiceAccount" ? $"{subject.Text("namespace")}/{subject.Text("name")}" : subject.Text("name"));
        }
        return string.Join(", ", names);
    }

    /// <summary>A selector as Go prints the struct: upstream shows it so.</summary>
    private static string GoSelector(JsonElement selector)
    {
        var labels = string.Concat(selector.Entries("matchLabels").Select(label => $"{label.Name}: {label.Value.Text()},"));
        var expressions = new List<string>();
        foreach (var expression in selector.Items("matchExpressions"))
        {
            expressions.Add($"LabelSelectorRequirement{{Key:{expression.Text("key")},Operator:{expression.Text("operator")},"
                + $"Values:[{string.Join(' ', expression.Texts("values"))}],}},");
        }
        return $"&LabelSelector{{MatchLabels:map[string]string{{{labels}}},MatchExpressions:[]LabelSelectorRequirement{{{string.Concat(expressions)}}},}}";
    }
}

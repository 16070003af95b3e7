using Pilothouse.Objects;
using static Pilothouse.Cel.CelType;

namespace Pilothouse.Cel;

/// <summary>Questions to the authorizer: <c>authorizer.group('').resource('pods').check('get').allowed()</c>.</summary>
internal static class AuthorizerLibrary
{
    public static CelType Authorizer { get; } = CelStructType.Of("kubernetes.authorization.Authorizer");

    public static CelType PathCheck { get; } = CelStructType.Of("kubernetes.authorization.PathCheck");

    public static CelType GroupCheck { get; } = CelStructType.Of("kubernetes.authorization.GroupCheck");

    public static CelType ResourceCheck { get; } = CelStructType.Of("kubernetes.authorization.ResourceCheck");

    public static CelType Decision { get; } = CelStructType.Of("kubernetes.authorization.Decision");

    public static void AddTo(FunctionTable table)
    {
        var text = CelType.String;
        table.AddMember("path", "authorizer_path", [Authorizer, text], PathCheck, (_, a) => a[1].AsString.Trim().Length == 0
            ? CelValue.Error("path must not be empty")
            : CelValue.Of(new PathCheckValue(a[0].AsObjectOf<AuthorizerValue>()!, a[1].AsString)));
        table.AddMember("group", "authorizer_group", [Authorizer, text], GroupCheck,
            (_, a) => CelValue.Of(new GroupCheckValue(a[0].AsObjectOf<AuthorizerValue>()!, a[1].AsString)));
        table.AddMember("serviceAccount", "authorizer_serviceaccount", [Authorizer, text, text], Authorizer,
            (_, a) => ServiceAccount(a[0].AsObjectOf<AuthorizerValue>()!, a[1].AsString, a[2].AsString));
        table.AddMember("resource", "groupcheck_resource", [GroupCheck, text], ResourceCheck,
            (_, a) => Resource(a[0].AsObjectOf<GroupCheckValue>()!, a[1].AsString));
        Narrow(table, "subresource", "resourcecheck_subresource", (c, v) => c with { Subresource = v });
        Narrow(table, "namespace", "resourcecheck_namespace", (c, v) => c with { Namespace = v });
        Narrow(table, "name", "resourcecheck_name", (c, v) => c with { Name = v });
        Narrow(table, "fieldSelector", "authorizer_fieldselector", (c, v) => c with { FieldSelector = v });
        Narrow(table, "labelSelector", "authorizer_labelselector", (c, v) => c with { LabelSelector = v });
        table.AddMember("check", "pathcheck_check", [PathCheck, text], Decision, (run, a) =>
        {
            var check = a[0].AsObjectOf<PathCheckValue>()!;
            return Ask(run, check.Authorizer.Source, new CelAuthorizationCheck(
                check.Authorizer.ServiceAccount, check.Path, "", "", "", "", "", "", "", a[1].AsString));
        });
        table.AddMember("check", "resourcecheck_check", [ResourceCheck, text], Decision, (run, a) =>
        {
            var check = a[0].AsObjectOf<ResourceCheckValue>()!;
            return Ask(run, check.Source, check.Check with { Verb = a[1].AsString });
        });
        Answer(table, "errored", "decision_errored", Bool, d => CelValue.Of(d.Error is not null));
        Answer(table, "error", "decision_error", text, d => CelValue.Of(d.Error ?? ""));
        Answer(table, "allowed", "decision_allowed", Bool, d => CelValue.Of(d.Allowed));
        Answer(table, "reason", "decision_reason", text, d => CelValue.Of(d.Reason));
    }

    private static void Narrow(
        FunctionTable table, string function, string id, Func<CelAuthorizationCheck, string, CelAuthorizationCheck> narrow) =>
        table.AddMember(function, id, [ResourceCheck, CelType.String], ResourceCheck, (_, a) =>
        {
            var check = a[0].AsObjectOf<ResourceCheckValue>()!;
            return CelValue.Of(new ResourceCheckValue(check.Source, narrow(check.Check, a[1].AsString)));
        });

    private static void Answer(
        FunctionTable table, string function, string id, CelType type, Func<CelAuthorizationDecision, CelValue> answer) =>
        table.AddMember(function, id, [Decision], type, (_, a) => answer(a[0].AsObjectOf<DecisionValue>()!.Decision));

    private static CelValue ServiceAccount(AuthorizerValue authorizer, string @namespace, string name)
    {
        if (NameFormats.DnsSubdomain(name).Count > 0)
            return CelValue.Error("Invalid service account name");
        if (NameFormats.DnsLabel(@namespace).Count > 0)
            return CelValue.Error("Invalid service account namespace");
        return CelValue.Of(new AuthorizerValue(authorizer.Source, (@namespace, name)));
    }

    private static CelValue Resource(GroupCheckValue group, string resource) => resource.Trim().Length == 0
        ? CelValue.Error("resource must not be empty")
        : CelValue.Of(new ResourceCheckValue(group.Authorizer.Source, new CelAuthorizationCheck(
            group.Authorizer.ServiceAccount, null, group.Group, resource, "", "", "", "", "", "")));

    private static CelValue Ask(Evaluation run, CelAuthorizer authorizer, CelAuthorizationCheck check) =>
        authorizer.Find(check) is { } decision ? CelValue.Of(new DecisionValue(decision)) : run.AwaitAnswer(check, authorizer);
}

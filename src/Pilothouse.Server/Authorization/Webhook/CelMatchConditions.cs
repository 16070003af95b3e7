using System.Text.Json.Nodes;
using Pilothouse.Cel;
using Pilothouse.Objects;

namespace Pilothouse.Server.Authorization.Webhook;

/// <summary>
/// Match conditions in CEL (KEP-3221): each sees the question as <c>request</c>, the spec of a SubjectAccessReview in which every
/// text is there, if only empty.
/// </summary>
public sealed class CelMatchConditions : IMatchConditions
{
    private static readonly string[] Texts = ["user", "uid"];
    private static readonly string[] ResourceTexts = ["namespace", "verb", "group", "version", "resource", "subresource", "name"];
    private static readonly string[] PathTexts = ["path", "verb"];

    private static readonly CelType TextList = CelType.List(CelType.String);

    private static readonly CelStructType Requirement = Struct(
        "kubernetes.SelectorRequirement", ("key", CelType.String), ("operator", CelType.String), ("values", TextList));

    private static readonly CelStructType FieldSelector = Selector("kubernetes.FieldSelectorAttributes");
    private static readonly CelStructType LabelSelector = Selector("kubernetes.LabelSelectorAttributes");

    private static readonly CelStructType ResourceAttributes = Struct(
        "kubernetes.ResourceAttributes",
        [.. ResourceTexts.Select(t => (t, CelType.String)), ("fieldSelector", FieldSelector), ("labelSelector", LabelSelector)]);

    private static readonly CelStructType PathAttributes = Struct(
        "kubernetes.NonResourceAttributes", ("path", CelType.String), ("verb", CelType.String));

    private static readonly CelStructType Spec = Struct(
        "kubernetes.SubjectAccessReviewSpec",
        ("resourceAttributes", ResourceAttributes), ("nonResourceAttributes", PathAttributes), ("user", CelType.String),
        ("groups", TextList), ("extra", CelType.Map(CelType.String, TextList)), ("uid", CelType.String));

    private static readonly CelEnvironment Environment = CelEnvironment.Kubernetes
        .WithTypes(Spec, ResourceAttributes, PathAttributes, FieldSelector, LabelSelector, Requirement)
        .WithVariable("request", Spec);

    private readonly CelProgram[] _programs;

    private CelMatchConditions(IEnumerable<CelProgram> programs) => _programs = [.. programs];

    /// <summary>Compiles conditions; gives what is wrong with them otherwise, each fault with the condition's number.</summary>
    public static (CelMatchConditions? Conditions, IReadOnlyList<string> Faults) Compile(IReadOnlyList<string> expressions)
    {
        var programs = new List<CelProgram>();
        var faults = new List<string>();
        for (var i = 0; i < expressions.Count; i++)
        {
            var compiled = Environment.Compile(expressions[i]);
            if (compiled.Program is not { } program)
                faults.Add(Fault(i, expressions[i], $"compilation failed: {compiled.ErrorText}"));
            else if (program.ResultType.Kind != CelTypeKind.Bool)
                faults.Add(Fault(i, expressions[i], $"must evaluate to bool but got {program.ResultType}"));
            else
                programs.Add(program);
        }
        return faults.Count == 0 ? (new(programs), faults) : (null, faults);
    }

    public Outcome<bool> Matches(JsonObject review)
    {
        var spec = review.Object("spec") ?? [];
        Complete(spec, Texts);
        if (!spec.ContainsKey("groups"))
            spec["groups"] = new JsonArray();
        if (!spec.ContainsKey("extra"))
            spec["extra"] = new JsonObject();
        if (spec.Object("resourceAttributes") is { } resource)
            Complete(resource, ResourceTexts);
        if (spec.Object("nonResourceAttributes") is { } path)
            Complete(path, PathTexts);
        var activation = new CelActivation().With("request", JsonValues.From(spec, Spec));
        List<string>? errors = null;
        foreach (var program in _programs)
        {
            var result = program.Evaluate(activation);
            if (result.Error is { } error)
                (errors ??= []).Add($"cel evaluation error: expression '{program.Source}' resulted in error: {error}");
            else if (!result.Value.AsBool)
                return false;
        }
        return errors is null ? true : Status.BadRequest(ErrorList.Join(errors));
    }

    private static string Fault(int index, string expression, string why) =>
        FieldError.Invalid($"matchConditions[{index}].expression", expression, why).ToString();

    private static void Complete(JsonObject obj, string[] texts)
    {
        foreach (var text in texts)
        {
            if (!obj.ContainsKey(text))
                obj[text] = "";
        }
    }

    private static CelStructType Selector(string name) => Struct(name, ("rawSelector", CelType.String), ("requirements", CelType.List(Requirement)));

    private static CelStructType Struct(string name, params IEnumerable<(string Name, CelType Type)> fields) =>
        CelStructType.Of(name, fields.ToDictionary(f => f.Name, f => f.Type));
}

using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Cel;
using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Server.Admission;

/// <summary>One mutation of a policy: evaluates it and puts what it makes in place of the request's object.</summary>
internal static class PolicyMutation
{
    /// <summary>Mutates.</summary>
    /// <returns>Two nulls; or an answer that ends the request; or what the policy's failurePolicy is to be asked about.</returns>
    public static async ValueTask<(Status? Fatal, string? Error)> ApplyAsync(
        AdmissionRequest request, MatchedResource matched, bool isJsonPatch, CompiledExpression expression, AdmissionVariables variables,
        CancellationToken cancellationToken)
    {
        if (expression.Error is { } broken)
            return (null, broken);
        var (value, error) = await ExpressionEvaluation.EvaluateAsync(expression, variables, CostBudget.OfPolicy(), cancellationToken);
        if (error is not null)
            return (null, error);
        if (isJsonPatch)
            return Patch(request, matched, value);
        return (null, Apply(request, matched, value));
    }

    private static (Status? Fatal, string? Error) Patch(AdmissionRequest request, MatchedResource matched, in CelValue value)
    {
        var patch = new JsonArray();
        foreach (var element in value.AsList)
        {
            if (element.Kind != CelKind.Map || element.AsMap is not StructValue operation)
                return (null, "type mismatch: JSONPatchType.expression should evaluate to array of JSONPatch");
            var entry = new JsonObject { ["op"] = Text(operation, "op"), ["path"] = Text(operation, "path") };
            if (Text(operation, "from") is { Length: > 0 } from)
                entry["from"] = from;
            if (operation.Fields.TryGetValue("value", out var content))
            {
                if (Mismatch(content) is { } mismatch)
                    return (null, $"type mismatch: {mismatch}");
                if (JsonValues.ToNode(content, out var node) is { } unsayable)
                    return (null, $"JSONPath valueExpression evaluated to a type that could not marshal to JSON: {unsayable}");
                entry["value"] = node;
            }
            patch.Add((JsonNode)entry);
        }
        var document = JsonNodes.Parse(AdmissionReview.Encode(request, matched, request.Object).Span)!;
        foreach (var operation in patch.OfType<JsonObject>())
        {
            if (JsonPatch.Apply(document, JsonNodes.ToUtf8(new JsonArray(operation.DeepClone()))).TryGet(out var next, out _))
            {
                document = next;
                continue;
            }
            // A test that fails is a condition: then the patch is not applied.
            return operation.Text("op") == "test" ? (null, null) : (null, $"JSON Patch: {PatchFailures.Explain(operation, document)}");
        }
        return VersionedObjects.Replace(request, matched, document).TryGet(out _, out var failure)
            ? (null, null) : (Status.InternalError(failure.Message), null);
    }

    private static string? Apply(AdmissionRequest request, MatchedResource matched, in CelValue value)
    {
        if (Mismatch(value) is { } mismatch)
            return $"type mismatch: {mismatch}";
        if (JsonValues.ToNode(value, out var node) is { } unsayable)
            return $"invalid return type: {unsayable}";
        var document = (JsonObject)node!;
        document["apiVersion"] = matched.Kind.Group.Length > 0 ? $"{matched.Kind.Group}/{matched.Kind.Version}" : matched.Kind.Version;
        document["kind"] = matched.Kind.Kind;
        var schema = VersionedObjects.SchemaOf(request, matched);
        var shown = VersionedObjects.Show(request, matched, request.Object)!;
        if (AtomicFields.Find(document, schema) is { Count: > 0 } atomic)
        {
            return "error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: " +
                string.Join(", ", atomic);
        }
        if (!FieldManager.Merge(shown, document, schema).TryGet(out var merged, out var failure))
            return $"error applying patch: failed to convert patch object to typed object: {failure.Message}";
        return VersionedObjects.Replace(request, matched, merged).TryGet(out _, out failure) ? null : $"error applying patch: {failure.Message}";
    }

    private static string Text(StructValue value, string field) =>
        value.Fields.TryGetValue(field, out var text) && text.Kind == CelKind.String ? text.AsString : "";

    // Object.spec{x: Object.spec.y{}} names a type for another place than where it stands.
    private static string? Mismatch(in CelValue value)
    {
        var problems = new List<string>();
        if (value.Kind == CelKind.Map && value.AsMap is StructValue root)
            Check(value, root.Type.Name, problems);
        return problems.Count == 0 ? null : string.Join('\n', problems);
    }

    private static void Check(in CelValue value, string path, List<string> problems)
    {
        switch (value.Kind)
        {
            case CelKind.Map when value.AsMap is StructValue obj:
                if (obj.Type.Name != path)
                {
                    problems.Add($"unexpected type name {GoText.Quote(obj.Type.Name)}, expected {GoText.Quote(path)}, " +
                        "which matches field name path from root Object type");
                }
                foreach (var (field, inner) in obj.Fields)
                    Check(inner, $"{path}.{field}", problems);
                break;
            case CelKind.Map:
                foreach (var key in value.AsMap.Keys)
                {
                    value.AsMap.TryGet(key, out var inner);
                    Check(inner, path, problems);
                }
                break;
            case CelKind.List:
                foreach (var element in value.AsList)
                    Check(element, path, problems);
                break;
        }
    }
}

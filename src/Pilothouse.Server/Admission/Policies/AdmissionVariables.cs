using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Cel;
using Pilothouse.Objects;
using Pilothouse.Schemas;
using Pilothouse.Server.Authorization;

namespace Pilothouse.Server.Admission;

/// <summary>
/// The variables of one request for expressions of webhooks and policies, each made when it is first looked at. Objects are
/// shown as they are written, not in normal form: an expression sees <c>resources: {}</c> where a client would.
/// </summary>
internal sealed class AdmissionVariables : ICelActivation
{
    private readonly AdmissionRequest _request;
    private readonly MatchedResource _matched;
    private readonly JsonNode? _namespace;
    private CelValue? _object;
    private CelValue? _old;
    private CelValue? _requestValue;

    /// <param name="request">The request.</param>
    /// <param name="matched">As which resource it is shown.</param>
    /// <param name="authorizer">Answers questions of expressions; for the request's user.</param>
    /// <param name="namespaceObject">The request's namespace; null for none.</param>
    public AdmissionVariables(AdmissionRequest request, MatchedResource matched, IAuthorizer authorizer, JsonNode? namespaceObject)
    {
        (_request, _matched, _namespace) = (request, matched, namespaceObject);
        AuthorizerValue = new CelAuthorizer(new RequestAuthorizer(request.Context.User, authorizer));
    }

    /// <summary>What <c>authorizer</c> is, with the answers that it gave so far.</summary>
    public CelAuthorizer AuthorizerValue { get; }

    /// <summary>The parameters of the binding; null for none.</summary>
    public JsonNode? Parameters { get; init; }

    /// <summary>The policy's own variables; null when it has none.</summary>
    public ComposedVariables? Composed { get; set; }

    /// <summary>What the policy's variables spend from.</summary>
    public CostBudget? Budget { get; set; }

    public bool TryGet(string name, out CelValue value)
    {
        switch (name)
        {
            case AdmissionEnvironment.Object:
                value = _object ??= Show(_request.Object);
                return true;
            case AdmissionEnvironment.OldObject:
                value = _old ??= Show(_request.OldObject);
                return true;
            case AdmissionEnvironment.Request:
                value = _requestValue ??= JsonValues.From(RequestValue.Of(_request, _matched), AdmissionEnvironment.RequestType);
                return true;
            case AdmissionEnvironment.Namespace:
                value = JsonValues.From(_namespace, AdmissionEnvironment.NamespaceType);
                return true;
            case AdmissionEnvironment.Params:
                value = JsonValues.From(Parameters);
                return true;
            case AdmissionEnvironment.Authorizer:
                value = AuthorizerValue.Value;
                return true;
            case AdmissionEnvironment.RequestResource:
                var resource = _request.Context.Resource.Resource;
                value = AuthorizerValue.ForResource(
                    resource.Group, resource.Resource, _request.Context.Subresource, _request.NamespaceAttribute, _request.Name);
                return true;
            case AdmissionEnvironment.Variables when Composed is not null:
                value = CelValue.Of(Composed);
                return true;
            default:
                value = default;
                return false;
        }
    }

    /// <summary>The new state has changed: it is to be shown anew, and so is what was made from it.</summary>
    public void ObjectChanged()
    {
        _object = null;
        Composed?.Forget();
    }

    private CelValue Show(JsonObject? obj)
    {
        if (VersionedObjects.Show(_request, _matched, obj) is not { } shown)
            return CelValue.Null;
        var schema = VersionedObjects.SchemaOf(_request, _matched);
        return JsonValues.From(JsonNodes.Parse(SchemaEncoder.Encode(shown, schema)));
    }
}

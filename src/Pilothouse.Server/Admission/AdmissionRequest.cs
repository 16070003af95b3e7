using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Schemas;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Admission;

/// <summary>
/// A write on its way to the store, as admission plugins see it: in the stored version, defaulted. Where a subresource speaks a
/// kind of its own (Scale, Binding, Eviction, TokenRequest), the objects are of that kind; see <see cref="SpeaksOwnKind"/>.
/// </summary>
public sealed class AdmissionRequest
{
    private JsonObject? _options;

    public required AdmissionOperation Operation { get; init; }

    /// <summary>The resource, subresource, user, time, warnings, dry run, and other objects.</summary>
    public required WriteContext Context { get; init; }

    public required string Namespace { get; init; }

    /// <summary>The namespace as webhooks and policies see it: that of a Namespace is its own name.</summary>
    public string NamespaceAttribute =>
        Context.Resource.Resource is { Group: "", Resource: "namespaces" } ? Name : Namespace;

    /// <summary>Empty while a name is still to be generated.</summary>
    public required string Name { get; init; }

    /// <summary>The new state; mutating plugins edit it. Null for a delete.</summary>
    public JsonObject? Object { get; init; }

    /// <summary>The state in the store; null for a create.</summary>
    public JsonObject? OldObject { get; init; }

    /// <summary>The HTTP request; null for writes that have none.</summary>
    public ApiRequest? Api { get; init; }

    /// <summary>How a delete is to be done, when a body or another request said so; else options are read from the query.</summary>
    public Func<JsonObject>? DeleteOptions { get; init; }

    /// <summary>The part of the object that the request names; null for the object itself.</summary>
    public ServedSubresource? Part =>
        Context.Subresource.Length == 0 ? null : Context.Resource.Subresource(Context.Subresource);

    /// <summary>The objects are of the subresource's kind, not of the resource's.</summary>
    public bool SpeaksOwnKind => Part is { Schema: not null } part && part.Kind != Context.Resource.Kind;

    /// <summary>The kind in which the client speaks.</summary>
    public GroupVersionKind Kind => Part is { Schema: not null } part ? part.Kind : Context.Resource.Kind;

    /// <summary>The schema of <see cref="Object"/> and <see cref="OldObject"/> as they stand here.</summary>
    public SchemaType Schema => SpeaksOwnKind ? Part!.Schema! : Context.Resource.Stored.Schema;

    /// <summary>CreateOptions, UpdateOptions or DeleteOptions with kind and apiVersion; made when first asked for.</summary>
    public JsonObject Options => _options ??= AdmissionOptions.Of(this);

    /// <summary>What reinvocable plugins remember between their two turns; null until one changed something.</summary>
    public AdmissionReinvocation? Reinvocation { get; set; }

    /// <summary>Somebody writes the request down: annotations are worth making.</summary>
    public bool IsAudited => Api?.Audit is not null;

    /// <summary>Puts an annotation into the audit event of the request; the first value of a key stays.</summary>
    public void Annotate(string key, string value) => Api?.Audit?.Annotate(key, value);

    /// <summary>The same write, of an object whose name is known now.</summary>
    public AdmissionRequest Named(string name) => name == Name ? this : new()
    {
        Operation = Operation,
        Context = Context,
        Namespace = Namespace,
        Name = name,
        Object = Object,
        OldObject = OldObject,
        Api = Api,
        DeleteOptions = DeleteOptions,
        _options = _options,
    };
}

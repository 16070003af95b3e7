using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Auditing;

/// <summary>
/// What is known of one request that is written down; the stages add what they learn. Used by the request alone, except for
/// annotations, which whoever works for it may add at any time.
/// </summary>
public sealed class AuditRecord
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, string> _annotations = new(StringComparer.Ordinal);

    public required AuditDecision Decision { get; init; }

    /// <summary>Who asked; not whom it impersonates.</summary>
    public required UserInfo User { get; init; }

    /// <summary>On behalf of whom; null for oneself.</summary>
    public UserInfo? ImpersonatedUser { get; set; }

    /// <summary>By which right, where that was a constrained one (KEP-5284); empty otherwise.</summary>
    public string ImpersonationConstraint { get; set; } = "";

    /// <summary>What is known of the object beyond the path: from the body.</summary>
    public AuditedObject Object { get; private set; } = new("", "", "", "");

    /// <summary>The body as JSON; null below <see cref="AuditLevel.Request"/>.</summary>
    public ReadOnlyMemory<byte>? RequestObject { get; private set; }

    /// <summary>The answer as JSON; null below <see cref="AuditLevel.RequestResponse"/>.</summary>
    public ReadOnlyMemory<byte>? ResponseObject { get; internal set; }

    /// <summary>The Status that was answered, if the answer was one.</summary>
    public Status? ResponseStatus { get; internal set; }

    /// <summary>Whether bodies are wanted: encoding them is not free.</summary>
    public bool WantsRequestObject => Decision.Level >= AuditLevel.Request;

    public bool WantsResponseObject => Decision.Level >= AuditLevel.RequestResponse;

    /// <summary>Adds an annotation, <c>authorization.k8s.io/decision</c>. The first word on a key stands.</summary>
    public void Annotate(string key, string value)
    {
        lock (_gate)
            _annotations.TryAdd(key, value);
    }

    public KeyValuePair<string, string>[] Annotations()
    {
        lock (_gate)
            return [.. _annotations];
    }

    /// <summary>Notes the object that was sent.</summary>
    /// <param name="sent">As it was understood.</param>
    /// <param name="encode">Makes JSON of it; called only when that is wanted.</param>
    public void NoteRequest(JsonObject sent, Func<ReadOnlyMemory<byte>> encode)
    {
        var metadata = sent.Object("metadata");
        Object = new(
            metadata?.Text("namespace") ?? "", metadata?.Text("name") ?? "", metadata?.Text("uid") ?? "", metadata?.Text("resourceVersion") ?? "");
        if (WantsRequestObject)
            RequestObject = encode();
    }

    /// <summary>Notes a body that is no object of its own: a patch, options of a deletion. What is neither JSON nor YAML is left out.</summary>
    public void NoteBody(ReadOnlyMemory<byte> body)
    {
        if (!WantsRequestObject || body.IsEmpty)
            return;
        if (GoJson.Check(body.Span) is null)
            RequestObject = body;
        else if (Yaml.ToJson(body.Span).TryGet(out var json, out _))
            RequestObject = json;
    }
}

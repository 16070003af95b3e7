using System.Text.Json.Nodes;

namespace Pilothouse.Objects;

/// <summary>
/// The <c>metadata</c> of an object that is being written, by name. A view: it reads and edits the tree itself.
/// Setting null, "" or an empty map removes the field.
/// </summary>
public readonly struct ObjectMetadata(JsonObject obj)
{
    /// <summary>The metadata of an object; an empty one is made when it has none.</summary>
    public static ObjectMetadata Of(JsonObject obj) => new(obj.ObjectOrNew("metadata"));

    public JsonObject Json => obj;

    public string Name { get => Get("name"); set => Set("name", value); }

    public string GenerateName { get => Get("generateName"); set => Set("generateName", value); }

    public string Namespace { get => Get("namespace"); set => Set("namespace", value); }

    public string Uid { get => Get("uid"); set => Set("uid", value); }

    public string ResourceVersion { get => Get("resourceVersion"); set => Set("resourceVersion", value); }

    public long Generation
    {
        get => obj.Integer("generation") ?? 0;
        set => Put("generation", value == 0 ? null : JsonValue.Create(value));
    }

    /// <summary>RFC 3339 in seconds, UTC; empty when unset.</summary>
    public string CreationTimestamp { get => Get("creationTimestamp"); set => Set("creationTimestamp", value); }

    public string DeletionTimestamp { get => Get("deletionTimestamp"); set => Set("deletionTimestamp", value); }

    public long? DeletionGracePeriodSeconds
    {
        get => obj.Integer("deletionGracePeriodSeconds");
        set => Put("deletionGracePeriodSeconds", value is { } seconds ? JsonValue.Create(seconds) : null);
    }

    public JsonObject? Labels => obj.Object("labels");

    public JsonObject? Annotations => obj.Object("annotations");

    public JsonArray? OwnerReferences => obj.List("ownerReferences");

    public JsonArray? Finalizers => obj.List("finalizers");

    private string Get(string name) => obj.Text(name) ?? "";

    private void Set(string name, string value) => Put(name, string.IsNullOrEmpty(value) ? null : JsonValue.Create(value));

    private void Put(string name, JsonNode? value)
    {
        if (value is null)
            obj.Remove(name);
        else
            obj[name] = value;
    }
}

using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog.Tests.Rules;

/// <summary>What the rules of a kind say of objects, as clients would see it.</summary>
internal static class RuleTesting
{
    /// <summary>The object as it is right before it is validated on create.</summary>
    public static JsonObject Prepared(ServedResource resource, string json)
    {
        var obj = Sent(resource, json);
        resource.Stored.Strategy.PrepareForCreate(ObjectText.Context(resource), obj);
        return obj;
    }

    /// <summary>Errors of a create, and its warnings.</summary>
    public static (List<string> Errors, List<string> Warnings) Create(ServedResource resource, string json)
    {
        var warnings = new List<string>();
        var context = ObjectText.Context(resource, warnings: warnings);
        var obj = Sent(resource, json);
        var errors = new FieldErrors();
        resource.Stored.Strategy.PrepareForCreate(context, obj);
        resource.Stored.Strategy.Validate(context, obj, errors);
        if (!errors.Any)
            resource.Stored.Strategy.Warn(context, obj, null);
        return ([.. errors.All.Select(e => e.ToString())], warnings);
    }

    // With what the registry sets itself.
    private static JsonObject Sent(ServedResource resource, string json)
    {
        var obj = ObjectText.Defaulted(resource, json);
        var metadata = ObjectMetadata.Of(obj);
        metadata.Uid = "u1";
        if (resource.Stored.Namespaced)
            metadata.Namespace = "default";
        return obj;
    }

    /// <summary>Errors of an update: of a valid object, edited.</summary>
    public static List<string> Update(ServedResource resource, JsonObject old, string subresource, Action<JsonObject> edit)
    {
        var obj = (JsonObject)old.DeepClone();
        edit(obj);
        var context = ObjectText.Context(resource, subresource);
        var errors = new FieldErrors();
        resource.Stored.Strategy.PrepareForUpdate(context, obj, old);
        resource.Stored.Strategy.ValidateUpdate(context, obj, old, errors);
        return [.. errors.All.Select(e => e.ToString())];
    }
}

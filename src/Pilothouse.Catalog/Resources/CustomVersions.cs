using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog;

/// <summary>The versions of a custom resource, those that are not served among them: values of each may be in the store.</summary>
/// <param name="StoredApiVersion">The version in which values are written, <c>example.com/v1</c>.</param>
/// <param name="Schemas">The types of the versions, by apiVersion.</param>
/// <param name="Conversion">Who converts between them; null when they differ in nothing but their name.</param>
public sealed record CustomVersions(string StoredApiVersion, IReadOnlyDictionary<string, SchemaType> Schemas, IObjectConversion? Conversion)
{
    /// <summary>
    /// Makes an object of one version one of another, in place, where they differ in nothing but their name: fields that the
    /// target does not know are pruned, and its defaults filled in.
    /// </summary>
    /// <exception cref="InvalidOperationException">Somebody else has to convert it, or there is no such version.</exception>
    public JsonObject Rename(JsonObject obj, string apiVersion)
    {
        if (Conversion is not null)
            throw new InvalidOperationException($"Objects are converted to {apiVersion} by a webhook.");
        obj["apiVersion"] = apiVersion;
        return Fit(obj, apiVersion);
    }

    /// <summary>
    /// An object in a version, as far as that can be said without asking anybody: itself where it is of that version, or where a
    /// webhook would have to convert it.
    /// </summary>
    public JsonObject Shown(JsonObject obj, string apiVersion) =>
        Conversion is not null || obj.Text("apiVersion") == apiVersion ? obj : Rename((JsonObject)obj.DeepClone(), apiVersion);

    /// <summary>The object as its version has it: without what that does not know, and with its defaults.</summary>
    /// <exception cref="InvalidOperationException">It is no object of this resource, which whoever made it has to see to.</exception>
    public JsonObject Fit(JsonObject obj, string apiVersion) =>
        TryFit(obj, apiVersion).TryGet(out var fitted, out var failure) ? fitted : throw new InvalidOperationException(failure.Message);

    /// <summary>The same, of an object that somebody else has made.</summary>
    public Outcome<JsonObject> TryFit(JsonObject obj, string apiVersion)
    {
        if (!Schemas.TryGetValue(apiVersion, out var type))
            return new Status { Code = 500, Message = $"there is no version {apiVersion}" };
        if (!SchemaDecoder.Decode(JsonNodes.ToUtf8(obj), type).TryGet(out var decoded, out var failure))
            return new Status { Code = 500, Message = failure.Message };
        StructuralDefaults.Fill(decoded.Json, type);
        return decoded.Json;
    }
}

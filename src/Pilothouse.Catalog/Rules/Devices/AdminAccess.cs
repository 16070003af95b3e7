using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Devices that are in use are given for administration only in namespaces that are labelled for it.</summary>
internal static class AdminAccess
{
    private const string Label = "resource.kubernetes.io/admin-access";

    private static readonly GroupResource Namespaces = new("", "namespaces");

    /// <summary>Checks the first request of a claim's spec that wants it.</summary>
    public static void Check(WriteContext context, JsonObject obj, JsonObject? spec, FieldErrors errors)
    {
        foreach (var (i, request) in spec.Object("devices").Items("requests"))
        {
            if (request.Object("exactly")?.Flag("adminAccess") != true)
                continue;
            if (!IsLabelled(context, obj.Object("metadata").Word("namespace")))
            {
                errors.Forbidden(FieldPath.Spec.Child("devices", "requests").Index(i).Child("adminAccess"),
                    $"admin access to devices requires the `{Label}: true` label on the containing namespace");
            }
            return;
        }
    }

    private static bool IsLabelled(WriteContext context, string @namespace)
    {
        if (context.Objects.Find(Namespaces, "", @namespace) is not { } json)
            return false;
        using var document = JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty("labels", out var labels)
            && labels.TryGetProperty(Label, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() == "true";
    }
}

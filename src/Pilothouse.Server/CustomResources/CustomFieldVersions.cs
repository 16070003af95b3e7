using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Schemas;

namespace Pilothouse.Server.CustomResources;

/// <summary>The versions of a custom resource as the account of who owns what needs them: fields are taken to be called alike.</summary>
internal sealed class CustomFieldVersions : IObjectVersions
{
    private readonly CustomVersions _versions;

    private CustomFieldVersions(CustomVersions versions) => _versions = versions;

    /// <summary>Null where there is one version only.</summary>
    public static CustomFieldVersions? Of(CustomVersions versions) => versions.Schemas.Count > 1 ? new(versions) : null;

    public bool TryConvert(
        JsonObject obj, string from, string to, [NotNullWhen(true)] out JsonObject? converted, [NotNullWhen(true)] out SchemaType? type)
    {
        converted = null;
        if (!_versions.Schemas.TryGetValue(to, out type) || !_versions.Schemas.ContainsKey(from))
            return false;
        converted = obj;
        if (from == to || obj.Count == 0)
            return true;
        var renamed = (JsonObject)obj.DeepClone();
        renamed["apiVersion"] = to;
        converted = _versions.Fit(renamed, to);
        return true;
    }
}

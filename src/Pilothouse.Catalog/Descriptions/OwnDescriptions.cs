using System.Collections.Frozen;

namespace Pilothouse.Catalog;

/// <summary>
/// Descriptions in our own words of the few types that the official client replaces by types of the language, and so does not
/// describe.
/// </summary>
internal static class OwnDescriptions
{
    private static readonly FrozenDictionary<string, string> Texts = new Dictionary<string, string>
    {
        ["io.k8s.apimachinery.pkg.api.resource.Quantity"] =
            "An amount, as a decimal number with an optional suffix: n, u, m, k, M, G, T, P, E for powers of 1000, Ki, Mi, Gi, Ti, Pi, "
            + "Ei for powers of 1024, or an exponent such as e3. It is kept exactly, as a fixed-point number below 2^63 in magnitude "
            + "with at most nine decimal places, and is written in its canonical form: the largest suffix that leaves no fraction, of "
            + "the sort that was given. 1.5 becomes 1500m, and 1.5Gi becomes 1536Mi.",
        ["io.k8s.apimachinery.pkg.util.intstr.IntOrString"] =
            "Either a 32-bit integer or a string. It is read and written as whichever it is, so that a field can take, for example, a "
            + "number or a name, or a number or a percentage.",
        ["io.k8s.apimachinery.pkg.apis.meta.v1.Time"] = "A point in time, in seconds, as RFC 3339 text; null for none.",
        ["io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime"] = "A point in time, in microseconds, as RFC 3339 text; null for none.",
        ["io.k8s.apimachinery.pkg.apis.meta.v1.Patch"] =
            "The changes to an object, in the form that the request's Content-Type names: JSON patch, merge patch, strategic merge "
            + "patch or apply.",
        ["io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1"] =
            "A set of fields as a tree. A key f:name stands for a field, k:{...} for the list item with these keys, v:value for the item "
            + "of a set, i:index for an item by position; the key . stands for the tree's own node.",
        ["io.k8s.apimachinery.pkg.runtime.RawExtension"] = "A whole object of any kind, with its own apiVersion and kind.",
        ["io.k8s.apimachinery.pkg.version.Info"] = "The version of the server, and how it was built.",
        ["io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceStatus"] =
            "Serving the status subresource has no settings: the empty object turns it on.",
        ["io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON"] =
            "Any JSON value: a string, a number, a boolean, null, a list or an object.",
        ["io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray"] = "A schema, or a list of schemas.",
        ["io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool"] = "A schema, or a boolean.",
        ["io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray"] = "A schema, or a list of names.",
    }.ToFrozenDictionary();

    public static string? Of(string definition) => Texts.GetValueOrDefault(definition);
}

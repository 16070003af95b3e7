using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Schemas;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Registry;

/// <summary>Reads bodies: what kind they say they are, and then the object against its schema.</summary>
internal sealed class ObjectDecoder
{
    private const string Scheme = "pkg/api/legacyscheme/scheme.go:30";
    private const int MaxStrictErrors = 100;

    private readonly FrozenSet<GroupVersionKind> _known;

    public ObjectDecoder(ResourceCatalog catalog)
    {
        var known = new HashSet<GroupVersionKind>();
        foreach (var served in catalog.Served)
        {
            known.Add(served.Kind);
            known.Add(served.Kind with { Kind = served.ListKind });
            foreach (var subresource in served.Subresources)
                known.Add(subresource.Kind);
        }
        _known = known.ToFrozenSet();
    }

    /// <summary>Decodes a body that must be of a kind.</summary>
    /// <param name="body">JSON or YAML.</param>
    /// <param name="media">Which of them.</param>
    /// <param name="expected">What it must be; kind and apiVersion may be left out of the body.</param>
    /// <param name="schema">The kind's schema.</param>
    /// <param name="validation">What to do about unknown and duplicate fields.</param>
    /// <param name="warnings">Gets the warnings.</param>
    /// <param name="alsoVersion">Another version of the kind that is read alike; empty for none.</param>
    public Outcome<JsonObject> Decode(
        ReadOnlySpan<byte> body, BodyMedia media, GroupVersionKind expected, SchemaType schema, FieldValidation validation,
        ICollection<string> warnings, string alsoVersion = "")
    {
        if (!BodyJson.Of(body, media).TryGet(out var json, out var notYaml))
            return Unrecognized(expected, notYaml.Message, body);
        if (!KindOf(json, expected).TryGet(out var kind, out var noKind))
            return Unrecognized(expected, noKind.Message, body);
        if (kind.Kind != expected.Kind || kind.Group != expected.Group)
        {
            var why = _known.Contains(kind)
                ? $"converting ({kind.Version}.{kind.Kind}) to ({GoPackages.Internal(expected.Group)}.{expected.Kind}): unknown conversion"
                : NotRegistered(kind);
            return Status.BadRequest($"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {expected.Kind}: {why}");
        }
        if (kind.Version != expected.Version && kind.Version != alsoVersion)
        {
            return _known.Contains(kind)
                ? Status.BadRequest(
                    $"the API version in the data ({kind.ApiVersion}) does not match the expected API version ({expected.ApiVersion})")
                : Status.BadRequest($"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {expected.Kind}: {NotRegistered(kind)}");
        }
        var prefix = $"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {expected.Kind}: ";
        if (!SchemaDecoder.Decode(json, schema).TryGet(out var decoded, out var failure))
            return Status.BadRequest(prefix + failure.Message);
        if (decoded.StrictErrors.Count > 0 && validation == FieldValidation.Strict)
            return Status.BadRequest($"{prefix}strict decoding error: {string.Join(", ", decoded.StrictErrors.Take(MaxStrictErrors))}");
        if (validation == FieldValidation.Warn)
            Warn(decoded.StrictErrors, warnings);
        decoded.Json["kind"] = expected.Kind;
        decoded.Json["apiVersion"] = expected.ApiVersion;
        return decoded.Json;
    }

    /// <summary>Adds a warning for each field, up to a bound.</summary>
    public static void Warn(IReadOnlyList<string> strictErrors, ICollection<string> warnings)
    {
        foreach (var error in strictErrors.Take(MaxStrictErrors))
            warnings.Add(error);
    }

    private static string NotRegistered(GroupVersionKind kind) =>
        $"no kind \"{kind.Kind}\" is registered for version \"{kind.ApiVersion}\" in scheme \"{Scheme}\"";

    private static Status Unrecognized(GroupVersionKind expected, string why, ReadOnlySpan<byte> body) =>
        Status.BadRequest($"the object provided is unrecognized (must be of type {expected.Kind}): {why} ({Summary(body)})");

    /// <summary>The kind that the body says it is, completed from what is expected.</summary>
    private static Outcome<GroupVersionKind> KindOf(ReadOnlySpan<byte> json, GroupVersionKind expected)
    {
        const string parseError = "couldn't get version/kind; json parse error: ";
        if (JsonSyntax.FindError(json) is { } error)
            return Status.BadRequest(parseError + error);
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 10_001 });
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return expected;
        if (reader.TokenType != JsonTokenType.StartObject)
            return Status.BadRequest($"{parseError}json: cannot unmarshal {GoKind(reader.TokenType)} into Go value of type {BodyJson.GoTypeMeta}");
        string kind = "", apiVersion = "";
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isKind = reader.ValueTextEquals("kind"u8);
            var isVersion = !isKind && reader.ValueTextEquals("apiVersion"u8);
            reader.Read();
            if (!isKind && !isVersion)
            {
                reader.Skip();
                continue;
            }
            if (reader.TokenType == JsonTokenType.Null)
                continue;
            if (reader.TokenType != JsonTokenType.String)
            {
                return Status.BadRequest(
                    $"{parseError}json: cannot unmarshal {GoKind(reader.TokenType)} into Go struct field .{(isKind ? "kind" : "apiVersion")} of type string");
            }
            if (isKind)
                kind = Text(ref reader);
            else
                apiVersion = Text(ref reader);
        }
        var slash = apiVersion.IndexOf('/');
        if (slash >= 0 && apiVersion.IndexOf('/', slash + 1) >= 0)
            return Status.BadRequest($"unexpected GroupVersion string: {apiVersion}");
        var (group, version) = slash < 0 ? ("", apiVersion) : (apiVersion[..slash], apiVersion[(slash + 1)..]);
        if (apiVersion.Length == 0)
            (group, version) = (expected.Group, expected.Version);
        return new GroupVersionKind(group, version, kind.Length == 0 ? expected.Kind : kind);
    }

    /// <summary>The text; what is no valid UTF-16 in it is replaced, as Go does.</summary>
    private static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }

    private static string GoKind(JsonTokenType token) => token switch
    {
        JsonTokenType.String => "string",
        JsonTokenType.Number => "number",
        JsonTokenType.True or JsonTokenType.False => "bool",
        JsonTokenType.StartArray => "array",
        _ => "object",
    };

    /// <summary>The beginning of a body, in hex unless it looks like JSON.</summary>
    private static string Summary(ReadOnlySpan<byte> body)
    {
        const int maxLength = 30;
        if (body.IsEmpty)
            return "<empty>";
        var shown = body[..Math.Min(body.Length, maxLength)];
        var text = body[0] == '{' ? Encoding.UTF8.GetString(shown) : Convert.ToHexStringLower(shown);
        return body.Length > maxLength ? text + " ..." : text;
    }
}

using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Schemas;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Registry;

/// <summary>Reads bodies: what kind they say they are, and then the object against its schema.</summary>
internal static class ObjectDecoder
{
    private const string YamlErrors = "yaml: unmarshal errors:\n";
    private const int MaxStrictErrors = 100;

    /// <summary>Decodes a body that must be of a kind.</summary>
    /// <param name="body">JSON, YAML or protobuf.</param>
    /// <param name="media">Which of them.</param>
    /// <param name="expected">What it must be; kind and apiVersion may be left out of the body.</param>
    /// <param name="schema">The kind's schema.</param>
    /// <param name="validation">What to do about unknown and duplicate fields.</param>
    /// <param name="warnings">Gets the warnings.</param>
    /// <param name="alsoVersion">Another version of the kind that is read alike; empty for none.</param>
    public static Outcome<JsonObject> Decode(
        ReadOnlySpan<byte> body, BodyMedia media, GroupVersionKind expected, SchemaType schema, FieldValidation validation,
        ICollection<string> warnings, string alsoVersion = "")
    {
        if (!BodyJson.Of(body, media, schema, out var yamlError).TryGet(out var json, out var unread)
            || !TypeMetaReader.Read(json).TryGet(out var meta, out unread))
        {
            // Protobuf says what it is before it is read.
            if (media == BodyMedia.Protobuf && ProtobufEnvelope.Open(body).TryGet(out var opened, out _))
            {
                var named = new TypeMeta(opened.ApiVersion, opened.Kind).Or(expected);
                return Status.BadRequest($"{named.Kind} in version \"{named.Version}\" cannot be handled as a {expected.Kind}: {unread.Message}");
            }
            return TypeMetaReader.Unrecognized(unread, expected.Kind, body);
        }
        if (schema.IsStructuralRoot)
        {
            if (CheckCustom(body, json, meta, expected) is { } foreign)
                return foreign;
        }
        else if (CheckBuiltIn(body, meta, expected, alsoVersion) is { } foreign)
        {
            return foreign;
        }
        var prefix = $"{expected.Kind} in version \"{(meta.Version.Length > 0 ? meta.Version : expected.Version)}\" cannot be handled as a {expected.Kind}: ";
        if (!SchemaDecoder.Decode(json, schema).TryGet(out var decoded, out var failure))
            return Status.BadRequest(prefix + failure.Message);
        IReadOnlyList<string> strictErrors = yamlError is null ? decoded.StrictErrors : [yamlError, .. decoded.StrictErrors];
        if (strictErrors.Count > 0 && validation == FieldValidation.Strict)
            return Status.BadRequest($"{prefix}strict decoding error: {string.Join(", ", strictErrors.Take(MaxStrictErrors))}");
        if (validation == FieldValidation.Warn)
            Warn(strictErrors, warnings);
        decoded.Json["kind"] = expected.Kind;
        decoded.Json["apiVersion"] = expected.ApiVersion;
        return decoded.Json;
    }

    /// <summary>Whether a body is of the custom resource's kind: there is no scheme that knew others.</summary>
    private static Status? CheckCustom(ReadOnlySpan<byte> body, ReadOnlySpan<byte> json, TypeMeta meta, GroupVersionKind expected)
    {
        if (meta.Kind.Length == 0)
        {
            return TypeMetaReader.Unrecognized(
                Status.BadRequest($"Object 'Kind' is missing in '{Encoding.UTF8.GetString(json)}'"), expected.Kind, body);
        }
        if (meta.ApiVersion != expected.ApiVersion)
        {
            return Status.BadRequest(
                $"the API version in the data ({meta.ApiVersion}) does not match the expected API version ({expected.ApiVersion})");
        }
        return meta.Kind == expected.Kind
            ? null
            : Status.Invalid(new(expected.Group, meta.Kind), "", [FieldError.Invalid("kind", meta.Kind, $"must be {expected.Kind}")]);
    }

    private static Status? CheckBuiltIn(ReadOnlySpan<byte> body, TypeMeta meta, GroupVersionKind expected, string alsoVersion)
    {
        if (meta.ApiVersion.Count(c => c == '/') > 1)
            return TypeMetaReader.Unrecognized(Status.BadRequest($"unexpected GroupVersion string: {meta.ApiVersion}"), expected.Kind, body);
        var kind = meta.Or(expected);
        var prefix = $"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {expected.Kind}: ";
        if (Misfit(kind, expected) is { } misfit)
            return Status.BadRequest(prefix + misfit);
        if (kind != expected && kind != expected with { Version = alsoVersion })
        {
            return Status.BadRequest(
                $"the API version in the data ({kind.ApiVersion}) does not match the expected API version ({expected.ApiVersion})");
        }
        return null;
    }

    /// <summary>Adds a warning for each field, up to a bound.</summary>
    public static void Warn(IReadOnlyList<string> strictErrors, ICollection<string> warnings)
    {
        foreach (var error in strictErrors.Take(MaxStrictErrors))
        {
            // YAML's are several in one text.
            if (error.IndexOf(YamlErrors, StringComparison.Ordinal) is >= 0 and var at)
            {
                foreach (var line in error[(at + YamlErrors.Length)..].Split('\n', StringSplitOptions.TrimEntries))
                    warnings.Add(line);
            }
            else
            {
                warnings.Add(error);
            }
        }
    }

    /// <summary>Why JSON cannot be read as a kind, by the kind and version that it names; null when it can.</summary>
    public static string? KindFault(ReadOnlySpan<byte> json, GroupVersionKind expected)
    {
        if (!TypeMetaReader.Read(json).TryGet(out var meta, out var unread))
            return unread.Message;
        return meta.ApiVersion.Count(c => c == '/') > 1 ? $"unexpected GroupVersion string: {meta.ApiVersion}" : Misfit(meta.Or(expected), expected);
    }

    private static string? Misfit(GroupVersionKind kind, GroupVersionKind expected)
    {
        // What is served is registered, custom resources included.
        if (kind == expected)
            return null;
        var registered = RegisteredKinds.Beside(expected.Group);
        if (!registered.Contains(kind))
            return $"no kind \"{kind.Kind}\" is registered for version \"{kind.ApiVersion}\" in scheme \"{registered.Scheme}\"";
        var (own, wanted) = (GoPackages.Internal(kind.Group, kind.Kind), GoPackages.Internal(expected.Group, expected.Kind));
        return own == wanted && kind.Kind == expected.Kind ? null
            : $"converting ({kind.Version}.{kind.Kind}) to ({wanted}.{expected.Kind}): unknown conversion";
    }
}

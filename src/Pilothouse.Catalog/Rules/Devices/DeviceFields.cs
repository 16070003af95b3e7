using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Fields that kinds of resource.k8s.io share: names, selectors, configuration, taints and tolerations.</summary>
internal static partial class DeviceFields
{
    public const int MaxKeyLength = MaxDomainLength + 1 + MaxIdLength;
    public const int MaxSelectors = 32;
    public const int MaxConfigurations = 32;

    private const int MaxDomainLength = 63;
    private const int MaxIdLength = 32;
    private const int MaxExpressionLength = 10 * 1024;
    private const int MaxParametersLength = 10 * 1024;

    private static readonly string[] Effects = ["NoExecute", "NoSchedule", "None"];

    public static void ValidateName(string name, FieldPath path, FieldErrors errors) =>
        errors.InvalidEach(path, name, NameFormats.DnsLabel(name));

    public static void ValidatePool(string name, FieldPath path, FieldErrors errors)
    {
        if (name.Length == 0)
        {
            errors.Required(path);
            return;
        }
        if (FieldChecks.Bytes(name) > NameFormats.MaxSubdomainLength)
            errors.TooLong(path, NameFormats.MaxSubdomainLength);
        foreach (var part in name.Split('/'))
            errors.InvalidEach(path, part, NameFormats.DnsSubdomain(part));
    }

    public static void ValidateClass(string name, FieldPath path, FieldErrors errors)
    {
        if (name.Length == 0)
            errors.Required(path);
        else
            errors.InvalidEach(path, name, NameFormats.DnsSubdomain(name));
    }

    /// <summary>A name with an optional domain before it.</summary>
    public static void ValidateQualified(string name, FieldPath path, FieldErrors errors)
    {
        var parts = name.Split('/');
        if (parts.Length == 1)
        {
            ValidateIdentifier(name, path, errors);
        }
        else if (parts.Length == 2)
        {
            if (parts[0].Length == 0)
                errors.Invalid(path, "", "the domain must not be empty");
            else
                errors.CheckDriverName(parts[0], path);
            if (parts[1].Length == 0)
                errors.Invalid(path, "", "the name must not be empty");
            else
                ValidateIdentifier(parts[1], path, errors);
        }
    }

    /// <summary>A name with a domain before it.</summary>
    public static void ValidateFullyQualified(string name, FieldPath path, FieldErrors errors)
    {
        ValidateQualified(name, path, errors);
        if (!name.Contains('/'))
            errors.Invalid(path, name, "a fully qualified name must be a domain and a name separated by a slash");
    }

    public static void ValidateSelector(JsonObject selector, FieldPath path, FieldErrors errors)
    {
        if (selector.Object("cel") is not { } cel)
            errors.Required(path.Child("cel"));
        else if (FieldChecks.Bytes(cel.Word("expression")) > MaxExpressionLength)
            errors.TooLong(path.Child("cel", "expression"), MaxExpressionLength);
        else
            DeviceSelectorValidation.Validate(cel.Word("expression"), path.Child("cel", "expression"), errors);
    }

    /// <summary>Configuration that only a driver understands.</summary>
    public static void ValidateConfiguration(JsonObject config, FieldPath path, FieldErrors errors) =>
        ValidateConfiguration(config, path, stored: false, errors);

    /// <summary>The same; what is stored may be longer than today's limit.</summary>
    public static void ValidateConfiguration(JsonObject config, FieldPath path, bool stored, FieldErrors errors)
    {
        if (config.Object("opaque") is not { } opaque)
        {
            errors.Required(path.Child("opaque"));
            return;
        }
        errors.CheckDriverName(opaque.Word("driver"), path.Child("opaque", "driver"));
        ValidateRaw(opaque["parameters"], path.Child("opaque", "parameters"), stored ? int.MaxValue : MaxParametersLength, errors);
    }

    /// <summary>Any JSON object, not too long.</summary>
    public static void ValidateRaw(JsonNode? raw, FieldPath path, int maxLength, FieldErrors errors)
    {
        if (raw is null)
            errors.Required(path);
        else if (FieldChecks.Bytes(raw.ToJsonString()) > maxLength)
            errors.TooLong(path, maxLength);
        else if (raw is not JsonObject)
            errors.Invalid(path, "<value omitted>", "must be a valid JSON object");
    }

    /// <summary>What tells apart the shares of a device, if it is shared: a UUID.</summary>
    public static void ValidateShare(JsonObject owner, FieldPath path, FieldErrors errors)
    {
        if (owner.Text("shareID") is not { } id)
            return;
        if (UuidFault(id) is { } fault)
            errors.Invalid(path.Child("shareID"), id, $"error validating uid: {fault}");
        else if (!NormalUuid().IsMatch(id))
            errors.Invalid(path.Child("shareID"), id, "uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters");
    }

    // The forms and the words of github.com/google/uuid.
    private static string? UuidFault(string id)
    {
        const string Urn = "urn:uuid:";
        const int Bare = 32;
        const int Length = 36;
        const string Broken = "invalid UUID format";
        switch (FieldChecks.Bytes(id))
        {
            case Length:
                break;
            case Length + 9 when !id.StartsWith(Urn, StringComparison.OrdinalIgnoreCase):
                return $"invalid urn prefix: {GoText.Quote(id[..Math.Min(Urn.Length, id.Length)])}";
            case Length + 9:
                id = id[Urn.Length..];
                break;
            case Length + 2 when id[0] != '{' || id[^1] != '}':
                return "invalid bracketed UUID format";
            case Length + 2:
                id = id[1..^1];
                break;
            case Bare:
                return id.All(char.IsAsciiHexDigit) ? null : Broken;
            case var length:
                return $"invalid UUID length: {length}";
        }
        return AnyUuid().IsMatch(id) ? null : Broken;
    }

    [GeneratedRegex(@"\A[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\z", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex AnyUuid();

    [GeneratedRegex(@"\A[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\z", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex NormalUuid();

    public static void ValidateTaint(JsonObject taint, FieldPath path, FieldErrors errors)
    {
        var (key, value, effect) = (taint.Word("key"), taint.Word("value"), taint.Word("effect"));
        errors.InvalidEach(path, "key", key, NameFormats.QualifiedName(key));
        errors.InvalidEach(path, "value", value, NameFormats.LabelValue(value));
        if (effect.Length == 0)
            errors.Required(path.Child("effect"));
        else if (!Effects.Contains(effect))
            errors.NotSupported(path.Child("effect"), effect, Effects);
    }

    public static void ValidateToleration(JsonObject toleration, FieldPath path, FieldErrors errors)
    {
        var (key, value, effect) = (toleration.Word("key"), toleration.Word("value"), toleration.Word("effect"));
        if (key.Length > 0)
            errors.InvalidEach(path, "key", key, NameFormats.QualifiedName(key));
        switch (toleration.Word("operator"))
        {
            case "Exists":
                if (value.Length > 0)
                    errors.Invalid(path.Child("value"), value, "must be empty for operator `Exists`");
                break;
            case "Equal":
                errors.InvalidEach(path, "value", value, NameFormats.LabelValue(value));
                break;
            case "":
                errors.Required(path.Child("operator"));
                break;
            case var operation:
                errors.NotSupported(path.Child("operator"), operation, "Equal", "Exists");
                break;
        }
        if (effect.Length > 0 && !Effects.Contains(effect))
            errors.NotSupported(path.Child("effect"), effect, Effects);
    }

    /// <summary>Conditions that must hold, or must not, before a pod is bound to a device.</summary>
    public static void ValidateBinding(JsonObject owner, FieldPath path, FieldErrors errors)
    {
        const string Wanted = "bindingConditions";
        const string Unwanted = "bindingFailureConditions";
        foreach (var field in (ReadOnlySpan<string>)[Wanted, Unwanted])
        {
            if (owner.CountOf(field) > 4)
            {
                errors.TooMany(path.Child(field), owner.CountOf(field), 4);
                continue;
            }
            foreach (var (i, condition) in owner.Words(field))
                errors.InvalidEach(path.Child(field).Index(i), condition, NameFormats.QualifiedName(condition));
        }
        var seen = new HashSet<string>();
        foreach (var (i, condition) in owner.Words(Wanted))
        {
            if (!seen.Add(condition))
                errors.Duplicate(path.Child(Wanted).Index(i), condition);
        }
        var failures = new HashSet<string>();
        foreach (var (i, condition) in owner.Words(Unwanted))
        {
            if (!failures.Add(condition))
                errors.Duplicate(path.Child(Unwanted).Index(i), condition);
            if (seen.Contains(condition))
                errors.Invalid(path.Child(Unwanted).Index(i), condition, "bindingFailureConditions must not overlap with bindingConditions");
        }
        if (seen.Count == 0 && failures.Count > 0)
            errors.Invalid(path.Child(Wanted), GoJsonText.Show(owner[Wanted]), "bindingConditions are required to use bindingFailureConditions");
        if (failures.Count == 0 && seen.Count > 0)
            errors.Invalid(path.Child(Unwanted), GoJsonText.Show(owner[Unwanted]), "bindingFailureConditions are required to use bindingConditions");
    }

    private static void ValidateIdentifier(string id, FieldPath path, FieldErrors errors)
    {
        if (FieldChecks.Bytes(id) > MaxIdLength)
            errors.TooLong(path, MaxIdLength);
        errors.InvalidEach(path, id, FieldFormats.CIdentifier(id));
    }
}

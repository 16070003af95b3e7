using System.Buffers;
using System.Text;

namespace Pilothouse.Objects;

/// <summary>
/// The formats that names, label keys and label values must have, and what is said of those that have not. Each check returns
/// everything wrong with a value, in words that follow the field's path; nothing when it is right.
/// </summary>
public static class NameFormats
{
    public const int MaxLabelLength = 63;
    public const int MaxSubdomainLength = 253;

    private const string LabelShape = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private const string QualifiedShape = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly SearchValues<char> QualifiedCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    private static readonly string LabelMessage = Shape(
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
        LabelShape, "my-name", "123-abc");

    private static readonly string SubdomainMessage = Shape(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
        $@"{LabelShape}(\.{LabelShape})*", "example.com");

    private static readonly string WildcardMessage = Shape(
        "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
        $@"\*\.{LabelShape}(\.{LabelShape})*", "*.example.com");

    private static readonly string Dns1035Message = Shape(
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
        "[a-z]([-a-z0-9]*[a-z0-9])?", "my-name", "abc-123");

    private static readonly string QualifiedMessage = Shape(
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
        QualifiedShape, "MyName", "my.name", "123-abc");

    private static readonly string LabelValueMessage = Shape(
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
        $"({QualifiedShape})?", "MyValue", "my_value", "12345");

    /// <summary>An RFC 1123 label: a namespace's name.</summary>
    public static IReadOnlyList<string> DnsLabel(string value) =>
        Check(value, MaxLabelLength, IsLabel(value), IsSubdomain(value) ? "must not contain dots" : LabelMessage);

    /// <summary>An RFC 1035 label: one that does not begin with a digit.</summary>
    public static IReadOnlyList<string> Dns1035Label(string value) =>
        Check(value, MaxLabelLength, IsLabel(value) && !char.IsAsciiDigit(value[0]), Dns1035Message);

    /// <summary>An RFC 1123 subdomain: labels with dots between them.</summary>
    public static IReadOnlyList<string> DnsSubdomain(string value) =>
        Check(value, MaxSubdomainLength, IsSubdomain(value), SubdomainMessage);

    /// <summary>A subdomain whose first label is <c>*</c>.</summary>
    public static IReadOnlyList<string> WildcardDnsSubdomain(string value) =>
        Check(value, MaxSubdomainLength, value.StartsWith("*.", StringComparison.Ordinal) && IsSubdomain(value.AsSpan(2)), WildcardMessage);

    /// <summary>A name with an optional subdomain and a slash before it: label keys, annotation keys, finalizers.</summary>
    public static IReadOnlyList<string> QualifiedName(string value)
    {
        var slash = value.IndexOf('/');
        var name = value.AsSpan(slash + 1);
        if (name.Contains('/'))
            return [$"a valid label key {QualifiedMessage} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"];
        List<string>? errors = null;
        if (slash == 0)
            (errors ??= []).Add("prefix part must be non-empty");
        else if (slash > 0)
        {
            foreach (var message in DnsSubdomain(value[..slash]))
                (errors ??= []).Add("prefix part " + message);
        }
        if (name.Length == 0)
            (errors ??= []).Add("name part must be non-empty");
        else if (Encoding.UTF8.GetByteCount(name) > MaxLabelLength)
            (errors ??= []).Add("name part " + TooLong(MaxLabelLength, "bytes"));
        if (!IsQualified(name))
            (errors ??= []).Add("name part " + QualifiedMessage);
        return errors ?? (IReadOnlyList<string>)[];
    }

    public static IReadOnlyList<string> LabelValue(string value) =>
        Check(value, MaxLabelLength, value.Length == 0 || IsQualified(value), LabelValueMessage, "bytes");

    /// <summary>What can stand in a URL's path as one segment.</summary>
    public static IReadOnlyList<string> PathSegment(string value, bool isPrefix = false)
    {
        if (!isPrefix && value is "." or "..")
            return [$"may not be '{value}'"];
        List<string>? errors = null;
        foreach (var character in "/%")
        {
            if (value.Contains(character))
                (errors ??= []).Add($"may not contain '{character}'");
        }
        return errors ?? (IReadOnlyList<string>)[];
    }

    /// <summary>An IP address as it is canonically written.</summary>
    public static IReadOnlyList<string> CanonicalIpAddress(string value) => IpFormats.Address(value);

    /// <summary>What is wrong with <paramref name="name"/> under a kind's rule.</summary>
    /// <param name="name">The name.</param>
    /// <param name="rule">The kind's rule.</param>
    /// <param name="isPrefix">It is a generateName: what will be appended lets a trailing dash or dot pass.</param>
    public static IReadOnlyList<string> Name(string name, NameRule rule, bool isPrefix = false)
    {
        if (isPrefix && rule is NameRule.DnsLabel or NameRule.Dns1035Label or NameRule.DnsSubdomain or NameRule.LongName)
            name = MaskTrailingDash(name);
        return rule switch
        {
            NameRule.DnsLabel => DnsLabel(name),
            NameRule.Dns1035Label => Dns1035Label(name),
            NameRule.PathSegment => PathSegment(name, isPrefix),
            NameRule.IpAddress => CanonicalIpAddress(name),
            NameRule.LongName => Check(name, MaxSubdomainLength, IsSubdomain(name), SubdomainMessage, "bytes"),
            _ => DnsSubdomain(name),
        };
    }

    private static string TooLong(int length, string unit) => $"must be no more than {length} {unit}";

    private static string MaskTrailingDash(string name) =>
        name.Length > 1 && name.EndsWith('-') ? string.Concat(name.AsSpan(0, name.Length - 2), "a") : name;

    // Upstream speaks of bytes for labels and of characters for names; it counts bytes for both.
    private static IReadOnlyList<string> Check(string value, int maxLength, bool wellFormed, string message, string unit = "characters") =>
        (Encoding.UTF8.GetByteCount(value) > maxLength, wellFormed) switch
        {
            (false, true) => [],
            (true, true) => [TooLong(maxLength, unit)],
            (false, false) => [message],
            _ => [TooLong(maxLength, unit), message],
        };

    private static bool IsLabel(ReadOnlySpan<char> value) =>
        value.Length > 0 && !value.ContainsAnyExcept(LabelCharacters) && value[0] != '-' && value[^1] != '-';

    private static bool IsSubdomain(ReadOnlySpan<char> value)
    {
        foreach (var part in value.Split('.'))
        {
            if (!IsLabel(value[part]))
                return false;
        }
        return true;
    }

    private static bool IsQualified(ReadOnlySpan<char> value) =>
        value.Length > 0 && !value.ContainsAnyExcept(QualifiedCharacters)
        && char.IsAsciiLetterOrDigit(value[0]) && char.IsAsciiLetterOrDigit(value[^1]);

    private static string Shape(string message, string shape, params ReadOnlySpan<string> examples)
    {
        var text = new StringBuilder(message).Append(" (e.g. ");
        for (var i = 0; i < examples.Length; i++)
            text.Append(i > 0 ? " or '" : "'").Append(examples[i]).Append("', ");
        return text.Append("regex used for validation is '").Append(shape).Append("')").ToString();
    }
}

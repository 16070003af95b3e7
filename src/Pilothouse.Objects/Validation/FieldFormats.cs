using System.Buffers;
using System.Globalization;

namespace Pilothouse.Objects;

/// <summary>
/// Formats of fields that are no names of objects: ports, keys of data, environment variables, HTTP headers, percentages.
/// As in <see cref="NameFormats"/>, each check returns everything that is wrong.
/// </summary>
public static class FieldFormats
{
    private const int MaxPortNameLength = 15;

    private static readonly SearchValues<char> PortNameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("-._abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    private static readonly SearchValues<char> HeaderCharacters =
        SearchValues.Create("-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    private static readonly SearchValues<char> IdentifierCharacters =
        SearchValues.Create("_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    private static readonly SearchValues<char> UnderscoreLabelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    public static string Between(long low, long high) =>
        string.Create(CultureInfo.InvariantCulture, $"must be between {low} and {high}, inclusive");

    public static IReadOnlyList<string> PortNumber(long port) => port is >= 1 and <= 65535 ? [] : [Between(1, 65535)];

    /// <summary>A user's or group's number in Linux.</summary>
    public static IReadOnlyList<string> UserOrGroupId(long id) => id is >= 0 and <= int.MaxValue ? [] : [Between(0, int.MaxValue)];

    /// <summary>The name of a port, RFC 6335 in lower case.</summary>
    public static IReadOnlyList<string> PortName(string name)
    {
        List<string>? faults = null;
        if (name.Length > MaxPortNameLength)
            (faults ??= []).Add($"must be no more than {MaxPortNameLength} characters");
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(PortNameCharacters))
            (faults ??= []).Add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        if (!name.AsSpan().ContainsAnyInRange('a', 'z'))
            (faults ??= []).Add("must contain at least one letter (a-z)");
        if (name.Contains("--", StringComparison.Ordinal))
            (faults ??= []).Add("must not contain consecutive hyphens");
        if (name.Length > 0 && (name[0] == '-' || name[^1] == '-'))
            (faults ??= []).Add("must not begin or end with a hyphen");
        return faults ?? (IReadOnlyList<string>)[];
    }

    /// <summary>A key in a ConfigMap or a Secret.</summary>
    public static IReadOnlyList<string> ConfigKey(string key)
    {
        List<string>? faults = null;
        if (key.Length > NameFormats.MaxSubdomainLength)
            (faults ??= []).Add($"must be no more than {NameFormats.MaxSubdomainLength} characters");
        if (key.Length == 0 || key.AsSpan().ContainsAnyExcept(KeyCharacters))
        {
            (faults ??= []).Add("a valid config key must consist of alphanumeric characters, '-', '_' or '.' "
                + "(e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')");
        }
        if (key is "." or "..")
            (faults ??= []).Add($"must not be '{key}'");
        else if (key.StartsWith("..", StringComparison.Ordinal))
            (faults ??= []).Add("must not start with '..'");
        return faults ?? (IReadOnlyList<string>)[];
    }

    /// <summary>An environment variable: printable ASCII without "=".</summary>
    public static IReadOnlyList<string> EnvironmentVariable(string name)
    {
        if (name.Length == 0)
            return ["environment variable name must be non-empty"];
        return name.AsSpan().ContainsAnyExceptInRange(' ', '~') || name.Contains('=')
            ? ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
            : [];
    }

    public static IReadOnlyList<string> HttpHeaderName(string name) =>
        name.Length > 0 && !name.AsSpan().ContainsAnyExcept(HeaderCharacters)
            ? []
            : ["a valid HTTP header must consist of alphanumeric characters or '-' "
                + "(e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')"];

    public static IReadOnlyList<string> Percent(string text) =>
        text.Length > 1 && text[^1] == '%' && !text.AsSpan(0, text.Length - 1).ContainsAnyExceptInRange('0', '9')
            ? []
            : ["a valid percent string must be a numeric string followed by an ending '%' "
                + "(e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"];

    /// <summary>A DNS search path: a subdomain in which underscores are let in.</summary>
    public static IReadOnlyList<string> SubdomainWithUnderscores(string value)
    {
        List<string>? faults = null;
        if (System.Text.Encoding.UTF8.GetByteCount(value) > NameFormats.MaxSubdomainLength)
            (faults ??= []).Add($"must be no more than {NameFormats.MaxSubdomainLength} characters");
        if (!IsSubdomainWithUnderscores(value))
        {
            (faults ??= []).Add("a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must "
                + "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
                + @"'_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')");
        }
        return faults ?? (IReadOnlyList<string>)[];
    }

    /// <summary>Whether the text is an identifier as C has them.</summary>
    public static bool IsCIdentifier(string value) =>
        value.Length > 0 && !char.IsAsciiDigit(value[0]) && !value.AsSpan().ContainsAnyExcept(IdentifierCharacters);

    /// <summary>An identifier as C has them.</summary>
    public static IReadOnlyList<string> CIdentifier(string value) =>
        IsCIdentifier(value)
            ? []
            : ["a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' "
                + "(e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')"];

    private static bool IsSubdomainWithUnderscores(ReadOnlySpan<char> value)
    {
        foreach (var range in value.Split('.'))
        {
            var part = value[range];
            if (part.StartsWith('_'))
                part = part[1..];
            if (part.IsEmpty || part.ContainsAnyExcept(UnderscoreLabelCharacters) || part[0] is '-' or '_' || part[^1] is '-' or '_')
                return false;
        }
        return true;
    }
}

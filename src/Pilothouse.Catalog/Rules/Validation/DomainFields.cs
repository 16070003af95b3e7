using System.Buffers;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Formats of fields for which an empty value is one that is missing: domains, and what stands below them.</summary>
internal static class DomainFields
{
    private static readonly SearchValues<char> PathCharacters = SearchValues.Create(
        "/-._~%!$&'()*+,;=:abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    /// <summary>A domain of at least three labels, a webhook's name; errors are added, "required" for an empty one.</summary>
    public static void FullyQualifiedName(FieldPath field, string name, FieldErrors errors)
    {
        if (name.Length == 0)
            errors.Required(field);
        else if (NameFormats.DnsSubdomain(name) is { Count: > 0 } faults)
            errors.Invalid(field, name, string.Join(",", faults));
        else if (Parts(name, '.') < 3)
            errors.Invalid(field, name, "should be a domain with at least three segments separated by dots");
    }

    /// <summary>A domain of at least two labels, with or without a dot at its end.</summary>
    public static void FullyQualifiedDomainName(FieldPath field, string name, FieldErrors errors)
    {
        if (name.Length == 0)
        {
            errors.Required(field);
            return;
        }
        if (name.EndsWith('.'))
            name = name[..^1];
        if (NameFormats.DnsSubdomain(name) is { Count: > 0 } faults)
        {
            errors.Invalid(field, name, string.Join(",", faults));
        }
        else if (Parts(name, '.') < 2)
        {
            errors.Invalid(field, name, "should be a domain with at least two segments separated by dots");
        }
        else
        {
            foreach (var label in name.Split('.'))
            {
                if (NameFormats.DnsLabel(label) is { Count: > 0 } wrong)
                {
                    errors.Invalid(field, label, string.Join(",", wrong));
                    return;
                }
            }
        }
    }

    /// <summary>A path below a domain, <c>acme.io/foo</c>.</summary>
    public static void DomainPrefixedPath(FieldPath field, string value, FieldErrors errors)
    {
        if (value.Length == 0)
        {
            errors.Required(field);
            return;
        }
        var slash = value.IndexOf('/');
        if (slash <= 0 || slash == value.Length - 1)
        {
            errors.Invalid(field, value, "must be a domain-prefixed path (such as \"acme.io/foo\")");
            return;
        }
        var host = value[..slash];
        errors.InvalidEach(field, host, NameFormats.DnsSubdomain(host));
        var path = value[(slash + 1)..];
        if (path.AsSpan().ContainsAnyExcept(PathCharacters))
            errors.Invalid(field, path, @"Invalid path (regex used for validation is '[A-Za-z0-9/\-._~%!$&'()*+,;=:]+')");
    }

    /// <summary>A label key with a domain before it.</summary>
    public static void DomainPrefixedKey(FieldPath field, string value, FieldErrors errors)
    {
        if (value.Length == 0)
            errors.Required(field);
        else if (NameFormats.QualifiedName(value) is { Count: > 0 } faults)
            errors.InvalidEach(field, value, faults);
        else if (!value.Contains('/'))
            errors.Invalid(field, value, "must be a domain-prefixed key (such as \"acme.io/foo\")");
    }

    private static int Parts(string text, char separator) => text.AsSpan().Count(separator) + 1;
}

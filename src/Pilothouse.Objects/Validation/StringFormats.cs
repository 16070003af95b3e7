using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Pilothouse.Objects;

/// <summary>The formats that texts may have (go-openapi's strfmt, with Kubernetes' own). Dashes in their names do not count.</summary>
public static partial class StringFormats
{
    private static readonly FrozenDictionary<string, Func<string, bool>> s_formats = new Dictionary<string, Func<string, bool>>
    {
        ["bsonobjectid"] = value => value.Length == 24 && value.All(char.IsAsciiHexDigit),
        ["uri"] = value => GoUrl.ParseRequestUri(value, out _) is null,
        ["email"] = IsEmail,
        ["hostname"] = IsHostname,
        ["ipv4"] = value => IpText.TryParse(value, out _) && value.Contains('.', StringComparison.Ordinal),
        ["ipv6"] = value => IpText.TryParse(value, out _) && value.Contains(':', StringComparison.Ordinal),
        ["cidr"] = value => IpText.TryParseCidr(value, out _),
        ["mac"] = value => Mac().IsMatch(value),
        ["uuid"] = value => Uuid().IsMatch(value),
        ["uuid3"] = value => Uuid3().IsMatch(value),
        ["uuid4"] = value => Uuid4().IsMatch(value),
        ["uuid5"] = value => Uuid5().IsMatch(value),
        ["isbn"] = value => IsIsbn10(value) || IsIsbn13(value),
        ["isbn10"] = IsIsbn10,
        ["isbn13"] = IsIsbn13,
        ["creditcard"] = IsCreditCard,
        ["ssn"] = value => value.Length == 11 && Ssn().IsMatch(value),
        ["hexcolor"] = value => HexColor().IsMatch(value),
        ["rgbcolor"] = value => RgbColor().IsMatch(value),
        ["byte"] = value => Base64().IsMatch(value),
        ["password"] = _ => true,
        ["date"] = IsDate,
        ["duration"] = value => GoDuration.TryParse(value, out long _) is null || IsSpelledDuration(value),
        ["datetime"] = IsDateTime,
        ["k8sshortname"] = value => NameFormats.DnsLabel(value).Count == 0,
        ["k8slongname"] = value => value.Length <= 253 && NameFormats.DnsSubdomain(value).Count == 0,
    }.ToFrozenDictionary();

    public static bool IsKnown(string format) => s_formats.ContainsKey(Bare(format));

    /// <summary>Whether a text has a format; null for one that nobody knows.</summary>
    public static bool? Check(string format, string value) => s_formats.TryGetValue(Bare(format), out var check) ? check(value) : null;

    private static string Bare(string format) => format.Replace("-", "", StringComparison.Ordinal);

    private static bool IsDate(string value) =>
        DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static bool IsDateTime(string value)
    {
        var parts = value.ToLowerInvariant().Split('t');
        if (parts.Length < 2 || !IsDate(parts[0]))
            return false;
        var time = Time().Match(parts[1]);
        return time.Success && string.CompareOrdinal(time.Groups["h"].Value, "23") <= 0
            && string.CompareOrdinal(time.Groups["m"].Value, "59") <= 0 && string.CompareOrdinal(time.Groups["s"].Value, "59") <= 0;
    }

    /// <summary>As Scala spells durations: <c>3 days</c>.</summary>
    private static bool IsSpelledDuration(string value)
    {
        string[] exact = ["ns", "us", "µs", "ms", "s", "m", "h", "hr", "d", "w", "wk"];
        string[] begins = ["nano", "micro", "milli", "sec", "min", "hour", "day", "week"];
        return SpelledDuration().Matches(value).Any(m => m.Groups["unit"].Value.ToLowerInvariant() is var unit
            && (exact.Contains(unit) || begins.Any(b => unit.StartsWith(b, StringComparison.Ordinal))));
    }

    private static bool IsHostname(string value) =>
        Re2Hostname.Value.IsMatch(value) && System.Text.Encoding.UTF8.GetByteCount(value) <= 255
        && value.Split('.').All(part => System.Text.Encoding.UTF8.GetByteCount(part) <= 63);

    private static bool IsEmail(string value)
    {
        var open = value.IndexOf('<', StringComparison.Ordinal);
        var address = open >= 0 && value.EndsWith('>') ? value[(open + 1)..^1] : value;
        var at = address.LastIndexOf('@');
        return at > 0 && at < address.Length - 1 && Email().IsMatch(address);
    }

    private static bool IsIsbn10(string value)
    {
        var digits = Digits(value);
        if (!Isbn10().IsMatch(digits))
            return false;
        var sum = 0;
        for (var i = 0; i < 10; i++)
            sum += (i + 1) * (digits[i] == 'X' ? 10 : digits[i] - '0');
        return sum % 11 == 0;
    }

    private static bool IsIsbn13(string value)
    {
        var digits = Digits(value);
        if (digits.Length != 13 || !digits.All(char.IsAsciiDigit))
            return false;
        var sum = 0;
        for (var i = 0; i < 12; i++)
            sum += (i % 2 == 0 ? 1 : 3) * (digits[i] - '0');
        return digits[12] - '0' == (10 - sum % 10) % 10;
    }

    private static bool IsCreditCard(string value)
    {
        var digits = new string([.. value.Where(char.IsAsciiDigit)]);
        if (!CreditCard().IsMatch(digits))
            return false;
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            sum += i % 2 == 0 ? digit : digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        }
        return sum % 10 == 0;
    }

    private static string Digits(string value) => new([.. value.Where(c => !char.IsWhiteSpace(c) && c != '-')]);

    private static readonly Lazy<Regex> Re2Hostname = new(() =>
    {
        const string pattern = @"^([a-zA-Z0-9\p{S}\p{L}]((-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?)|([a-zA-Z0-9\p{S}\p{L}](([a-zA-Z0-9-\p{S}\p{L}]{0,61}"
            + @"[a-zA-Z0-9\p{S}\p{L}])?)(\.)){1,}([a-zA-Z\p{L}]){2,63})$";
        return Re2.TryCompile(pattern, out var regex) is null ? regex! : throw new InvalidOperationException(pattern);
    });

    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    [GeneratedRegex(@"\A([0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}((:[0-9a-fA-F]{2}){2}|(:[0-9a-fA-F]{2}){14})?|[0-9a-fA-F]{2}(-[0-9a-fA-F]{2}){5}((-[0-9a-fA-F]{2}){2}|(-[0-9a-fA-F]{2}){14})?|[0-9a-fA-F]{4}(\.[0-9a-fA-F]{4}){2}(\.[0-9a-fA-F]{4}|(\.[0-9a-fA-F]{4}){7})?)\z", Linear)]
    private static partial Regex Mac();

    [GeneratedRegex(@"\A[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}\z", Linear)]
    private static partial Regex Uuid();

    [GeneratedRegex(@"\A[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?3[0-9a-fA-F]{3}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}\z", Linear)]
    private static partial Regex Uuid3();

    [GeneratedRegex(@"\A[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?4[0-9a-fA-F]{3}-?[89abAB][0-9a-fA-F]{3}-?[0-9a-fA-F]{12}\z", Linear)]
    private static partial Regex Uuid4();

    [GeneratedRegex(@"\A[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?5[0-9a-fA-F]{3}-?[89abAB][0-9a-fA-F]{3}-?[0-9a-fA-F]{12}\z", Linear)]
    private static partial Regex Uuid5();

    [GeneratedRegex(@"\A([0-9]{9}X|[0-9]{10})\z", Linear)]
    private static partial Regex Isbn10();

    [GeneratedRegex(@"\A(4[0-9]{12}([0-9]{3})?|5[1-5][0-9]{14}|6(011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(0[0-5]|[68][0-9])[0-9]{11}|(2131|1800|35[0-9]{3})[0-9]{11})\z", Linear)]
    private static partial Regex CreditCard();

    [GeneratedRegex(@"\A[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}\z", Linear)]
    private static partial Regex Ssn();

    [GeneratedRegex(@"\A#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})\z", Linear)]
    private static partial Regex HexColor();

    [GeneratedRegex(@"\Argb\(\s*(0|[1-9][0-9]?|1[0-9][0-9]?|2[0-4][0-9]|25[0-5])\s*,\s*(0|[1-9][0-9]?|1[0-9][0-9]?|2[0-4][0-9]|25[0-5])\s*,\s*(0|[1-9][0-9]?|1[0-9][0-9]?|2[0-4][0-9]|25[0-5])\s*\)\z", Linear)]
    private static partial Regex RgbColor();

    [GeneratedRegex(@"\A([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})\z", Linear)]
    private static partial Regex Base64();

    [GeneratedRegex(@"\A(?<h>[0-9]{2}):(?<m>[0-9]{2}):(?<s>[0-9]{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))\z", Linear)]
    private static partial Regex Time();

    [GeneratedRegex(@"[0-9]+\s*(?<unit>[A-Za-zµ]+)", Linear)]
    private static partial Regex SpelledDuration();

    [GeneratedRegex("\\A([a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+)*|\"[^\"\\\\]*\")@([^\\s@\\[\\]<>(),;:]+|\\[[^\\]]*\\])\\z", Linear)]
    private static partial Regex Email();
}

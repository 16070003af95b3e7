using System.Globalization;
using System.Net;
using Pilothouse.Objects;

namespace Pilothouse.Flags;

/// <summary>
/// Reads a command line as Go's pflag does: <c>--flag=value</c>, <c>--flag value</c>, booleans without a value, <c>-v=4</c>,
/// underscores for dashes, and pflag's words for what is wrong. Our own, because kube-apiserver's manifests rely on just these
/// rules (a boolean never takes the next word; a list flag both splits at commas and adds up), and because it costs no start time.
/// </summary>
internal static class FlagParser
{
    /// <summary>The values; or the first thing that is wrong, as pflag says it.</summary>
    public static (FlagValues? Values, string? Error) Parse(IReadOnlyList<string> arguments)
    {
        var values = new FlagValues();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            var error = argument switch
            {
                ['-', '-', .. var rest] when rest.Length > 0 => Long(rest, arguments, ref i, values),
                ['-', not '-', ..] => Short(argument[1..], arguments, ref i, values),
                _ => $"\"pilothouse\" does not take any arguments, got [{GoText.Quote(argument)}]",
            };
            if (error is not null)
                return (null, error);
        }
        return (values, null);
    }

    public static bool IsTrue(string value) => value is "1" or "t" or "T" or "true" or "TRUE" or "True";

    private static string? Long(string text, IReadOnlyList<string> arguments, ref int i, FlagValues values)
    {
        if (text[0] is '-' or '=')
            return $"bad flag syntax: --{text}";
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? text : text[..equals];
        if (FlagTable.Find(name) is not { } flag)
            return $"unknown flag: --{name}";
        if (equals >= 0)
            return Set(flag, text[(equals + 1)..], values);
        if (flag.Type is FlagType.Bool or FlagType.Version)
            return Set(flag, "true", values);
        return i + 1 < arguments.Count ? Set(flag, arguments[++i], values) : $"flag needs an argument: --{name}";
    }

    /// <summary>-h, -v 4, -v=4, -v4: there are no others.</summary>
    private static string? Short(string text, IReadOnlyList<string> arguments, ref int i, FlagValues values)
    {
        if (text[0] == 'h')
            return Set(FlagTable.Find("help")!, "true", values);
        if (text[0] != 'v')
            return $"unknown shorthand flag: '{text[0]}' in -{text}";
        var flag = FlagTable.Find("v")!;
        if (text.Length > 1)
            return Set(flag, text[1] == '=' ? text[2..] : text[1..], values);
        return i + 1 < arguments.Count ? Set(flag, arguments[++i], values) : $"flag needs an argument: 'v' in -{text}";
    }

    private static string? Set(FlagDefinition flag, string value, FlagValues values)
    {
        if (Fault(flag.Type, value) is { } fault)
            return $"invalid argument {GoText.Quote(value)} for \"--{flag.Name}\" flag: {fault}";
        values.Add(flag, value);
        return null;
    }

    private static string? Fault(FlagType type, string value) => type switch
    {
        FlagType.Bool => IsTrue(value) || value is "0" or "f" or "F" or "false" or "FALSE" or "False" ? null : Syntax("ParseBool", value),
        FlagType.Int or FlagType.Int64 => Number(value, long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && (type == FlagType.Int64 || number is >= int.MinValue and <= int.MaxValue), "ParseInt"),
        FlagType.Uint => Number(value, uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _), "ParseUint"),
        FlagType.Float32 or FlagType.Float64 =>
            double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? null : Syntax("ParseFloat", value),
        FlagType.Duration => GoDuration.TryParse(value, out TimeSpan _),
        FlagType.Ip => IPAddress.TryParse(value, out _) ? null : $"failed to parse IP: {GoText.Quote(value)}",
        FlagType.PortRange => PortRange.TryParse(value, out _) ? null : $"{GoText.Quote(value)} is not a range of ports like 30000-32767",
        FlagType.Int32Slice => value.Split(',').FirstOrDefault(v => !int.TryParse(v, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            is { } wrong ? Syntax("ParseInt", wrong) : null,
        FlagType.Map or FlagType.Multimap => value.Split(',').FirstOrDefault(v => v.Length > 0 && !v.Contains('=', StringComparison.Ordinal))
            is { } lone ? $"malformed pair, expect string=string: {lone}" : null,
        _ => null,
    };

    private static string? Number(string value, bool fits, string function) => fits ? null
        : value.AsSpan().TrimStart("+-") is { IsEmpty: false } digits && digits.IndexOfAnyExceptInRange('0', '9') < 0
            ? $"strconv.{function}: parsing {GoText.Quote(value)}: value out of range"
            : Syntax(function, value);

    private static string Syntax(string function, string value) => $"strconv.{function}: parsing {GoText.Quote(value)}: invalid syntax";
}

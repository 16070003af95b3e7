using System.Collections.Frozen;
using Pilothouse.Objects;
using static Pilothouse.Cel.CelType;

namespace Pilothouse.Cel;

/// <summary>Kubernetes' named formats: <c>format.dns1123Label().validate(x)</c>.</summary>
internal static class FormatLibrary
{
    public static CelType Type { get; } = CelStructType.Of("kubernetes.NamedFormat");

    private static readonly FrozenDictionary<string, FormatValue> Formats = new Dictionary<string, FormatValue>
    {
        ["dns1123Label"] = new("DNS1123Label", 30, NameFormats.DnsLabel),
        ["dns1123Subdomain"] = new("DNS1123Subdomain", 60, NameFormats.DnsSubdomain),
        ["dns1035Label"] = new("DNS1035Label", 30, NameFormats.Dns1035Label),
        ["qualifiedName"] = new("QualifiedName", 60, NameFormats.QualifiedName),
        ["dns1123LabelPrefix"] = new("DNS1123LabelPrefix", 30, text => NameFormats.DnsLabel(Unprefixed(text))),
        ["dns1123SubdomainPrefix"] = new("DNS1123SubdomainPrefix", 60, text => NameFormats.DnsSubdomain(Unprefixed(text))),
        ["dns1035LabelPrefix"] = new("DNS1035LabelPrefix", 30, text => NameFormats.Dns1035Label(Unprefixed(text))),
        ["labelValue"] = new("LabelValue", 40, NameFormats.LabelValue),
        ["uri"] = new("URI", 1103, text => GoUrl.ParseRequestUri(text, out _) is { } error ? [error] : []),
        ["uuid"] = new("uuid", 70, Named("uuid", "does not match the UUID format")),
        ["byte"] = new("byte", 84, Named("byte", "invalid base64")),
        ["date"] = new("date", 71, Named("date", "invalid date")),
        ["datetime"] = new("datetime", 71, Named("datetime", "invalid datetime")),
    }.ToFrozenDictionary();

    public static void AddTo(FunctionTable table)
    {
        foreach (var (name, format) in Formats)
            table.Add($"format.{name}", $"format.{name}", [], Type, (_, _) => CelValue.Of(format));
        table.Add("format.named", "format-named", [CelType.String], Optional(Type), (_, a) =>
            Formats.TryGetValue(a[0].AsString, out var format) ? CelValue.Optional(CelValue.Of(format)) : CelValue.EmptyOptional);
        table.AddMember("validate", "format-validate", [Type, CelType.String], Optional(List(CelType.String)), (_, a) =>
            a[0].AsObjectOf<FormatValue>()!.Validate(a[1].AsString) is { Count: > 0 } problems
                ? CelValue.Optional(CelValue.Of(CelList.Of(problems))) : CelValue.EmptyOptional);
    }

    /// <summary>A format that schemas of custom resources know too.</summary>
    private static Func<string, IReadOnlyList<string>> Named(string name, string fault) =>
        text => StringFormats.Check(name, text) == true ? [] : [fault];

    // A prefix may end in a dash, since something comes after it.
    private static string Unprefixed(string text) => text.Length > 1 && text[^1] == '-' ? text[..^2] + 'a' : text;
}

using System.Text.RegularExpressions;
using Pilothouse.Objects;
using static Pilothouse.Cel.CelType;

namespace Pilothouse.Cel;

/// <summary>Kubernetes' library of regular expressions, and <c>matches</c> of the language.</summary>
internal static class RegexLibrary
{
    public static void AddTo(FunctionTable table)
    {
        table.AddMember("find", "string_find_string", [CelType.String, CelType.String], CelType.String,
            (_, a) => Compile(a[1].AsString, out var regex) ?? Find(regex!, a[0].AsString));
        table.AddMember("findAll", "string_find_all_string", [CelType.String, CelType.String], List(CelType.String),
            (_, a) => Compile(a[1].AsString, out var regex) ?? FindAll(regex!, a[0].AsString, -1));
        table.AddMember("findAll", "string_find_all_string_int", [CelType.String, CelType.String, Int], List(CelType.String),
            (_, a) => Compile(a[1].AsString, out var regex) ?? FindAll(regex!, a[0].AsString, a[2].AsInt));
    }

    public static CelValue Matches(in CelValue text, in CelValue pattern) =>
        Re2.TryCompile(pattern.AsString, out var regex) is { } error ? CelValue.Error(error)
            : CelValue.Of(regex!.IsMatch(text.AsString));

    /// <summary>The overload with its pattern compiled beforehand, because it is written in the expression.</summary>
    public static CelOverload WithPattern(CelOverload overload, string pattern)
    {
        if (Re2.TryCompile(pattern, out var regex) is not null)
            return overload;
        CelInvoke? invoke = overload.Id switch
        {
            "matches" or "matches_string" => (_, a) => CelValue.Of(regex!.IsMatch(a[0].AsString)),
            "string_find_string" => (_, a) => Find(regex!, a[0].AsString),
            "string_find_all_string" => (_, a) => FindAll(regex!, a[0].AsString, -1),
            "string_find_all_string_int" => (_, a) => FindAll(regex!, a[0].AsString, a[2].AsInt),
            _ => null,
        };
        return invoke is null ? overload
            : new CelOverload(overload.Id, overload.IsMember, overload.Parameters, overload.Result, invoke);
    }

    private static CelValue? Compile(string pattern, out Regex? regex) =>
        Re2.TryCompile(pattern, out regex) is { } error ? CelValue.Error($"Illegal regex: {error}") : null;

    private static CelValue Find(Regex regex, string text)
    {
        foreach (var match in regex.EnumerateMatches(text))
            return CelValue.Of(text.Substring(match.Index, match.Length));
        return CelValue.Of("");
    }

    private static CelValue FindAll(Regex regex, string text, long most)
    {
        var found = new List<CelValue>();
        var end = -1;
        foreach (var match in regex.EnumerateMatches(text))
        {
            if (most >= 0 && found.Count >= most)
                break;
            // Go does not count an empty match right after another.
            if (match.Length == 0 && match.Index == end)
                continue;
            found.Add(CelValue.Of(text.Substring(match.Index, match.Length)));
            end = match.Index + match.Length;
        }
        return CelValue.Of(CelList.Of(found));
    }
}

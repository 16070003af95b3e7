using System.Globalization;
using static Pilothouse.Cel.CelType;

namespace Pilothouse.Cel;

/// <summary>Kubernetes' semantic versions (semver.org, version 2).</summary>
internal static class SemverLibrary
{
    public static CelType Type { get; } = CelStructType.Of("kubernetes.Semver");

    public static void AddTo(FunctionTable table)
    {
        table.Add("semver", "string_to_semver", [CelType.String], Type, (_, a) => Parse(a[0].AsString, normalize: false));
        table.Add("semver", "string_bool_to_semver", [CelType.String, Bool], Type, (_, a) => Parse(a[0].AsString, a[1].AsBool));
        table.Add("isSemver", "is_semver_string", [CelType.String], Bool,
            (_, a) => CelValue.Of(!Parse(a[0].AsString, normalize: false).IsError));
        table.Add("isSemver", "is_semver_string_bool", [CelType.String, Bool], Bool,
            (_, a) => CelValue.Of(!Parse(a[0].AsString, a[1].AsBool).IsError));
        table.AddMember("isGreaterThan", "semver_is_greater_than", [Type, Type], Bool, (_, a) => CelValue.Of(Compare(a[0], a[1]) > 0));
        table.AddMember("isLessThan", "semver_is_less_than", [Type, Type], Bool, (_, a) => CelValue.Of(Compare(a[0], a[1]) < 0));
        table.AddMember("compareTo", "semver_compare_to", [Type, Type], Int, (_, a) => CelValue.Of((long)Math.Sign(Compare(a[0], a[1]))));
        table.AddMember("major", "semver_major", [Type], Int, (_, a) => CelValue.Of((long)Get(a[0]).Major));
        table.AddMember("minor", "semver_minor", [Type], Int, (_, a) => CelValue.Of((long)Get(a[0]).Minor));
        table.AddMember("patch", "semver_patch", [Type], Int, (_, a) => CelValue.Of((long)Get(a[0]).Patch));
    }

    private static SemverValue Get(in CelValue value) => value.AsObjectOf<SemverValue>()!;

    private static int Compare(in CelValue left, in CelValue right) => Get(left).Order(Get(right));

    private static CelValue Parse(string text, bool normalize)
    {
        if (normalize && Normalize(ref text) is { } problem)
            return CelValue.Error(problem);
        if (text.Length == 0)
            return CelValue.Error("Version string empty");
        var parts = text.Split('.', 3);
        if (parts.Length != 3)
            return CelValue.Error("No Major.Minor.Patch elements found");
        if (Number(parts[0], "major", out var major) is { } badMajor)
            return CelValue.Error(badMajor);
        if (Number(parts[1], "minor", out var minor) is { } badMinor)
            return CelValue.Error(badMinor);
        var (patchText, pre, build) = (parts[2], Array.Empty<string>(), Array.Empty<string>());
        if (patchText.IndexOf('+', StringComparison.Ordinal) is >= 0 and var plus)
        {
            build = patchText[(plus + 1)..].Split('.');
            patchText = patchText[..plus];
        }
        if (patchText.IndexOf('-', StringComparison.Ordinal) is >= 0 and var dash)
        {
            pre = patchText[(dash + 1)..].Split('.');
            patchText = patchText[..dash];
        }
        if (Number(patchText, "patch", out var patch) is { } badPatch)
            return CelValue.Error(badPatch);
        foreach (var part in pre)
        {
            if (part.Length == 0)
                return CelValue.Error("prerelease is empty");
            if (part.All(char.IsAsciiDigit) && part.Length > 1 && part[0] == '0')
                return CelValue.Error($"Numeric PreRelease version must not contain leading zeroes \"{part}\"");
            if (!part.All(IsAllowed))
                return CelValue.Error($"Invalid character(s) found in prerelease \"{part}\"");
        }
        foreach (var part in build)
        {
            if (part.Length == 0)
                return CelValue.Error("Build meta data is empty");
            if (!part.All(IsAllowed))
                return CelValue.Error($"Invalid character(s) found in build meta data \"{part}\"");
        }
        return CelValue.Of(new SemverValue(major, minor, patch, pre, build));
    }

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c == '-';

    private static string? Number(string text, string what, out ulong number)
    {
        number = 0;
        var name = CultureInfo.InvariantCulture.TextInfo.ToTitleCase(what);
        if (!text.All(char.IsAsciiDigit))
            return $"Invalid character(s) found in {what} number \"{text}\"";
        if (text.Length > 1 && text[0] == '0')
            return $"{name} number must not contain leading zeroes \"{text}\"";
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) ? null
            : $"strconv.ParseUint: parsing \"{text}\": {(text.Length == 0 ? "invalid syntax" : "value out of range")}";
    }

    // "v1.2" and "1.02.3" become what they mean.
    private static string? Normalize(ref string text)
    {
        if (text.StartsWith('v'))
            text = text[1..];
        var parts = text.Split('.', 3).ToList();
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i].Length <= 1)
                continue;
            var trimmed = parts[i].TrimStart('0');
            parts[i] = trimmed.Length == 0 || !char.IsAsciiDigit(trimmed[0]) ? "0" + trimmed : trimmed;
        }
        if (parts.Count < 3 && parts[^1].AsSpan().ContainsAny('+', '-'))
            return "short version cannot contain PreRelease/Build meta data";
        while (parts.Count < 3)
            parts.Add("0");
        text = string.Join('.', parts);
        return null;
    }

    private sealed class SemverValue(ulong major, ulong minor, ulong patch, string[] pre, string[] build) : CelObject
    {
        public ulong Major => major;

        public ulong Minor => minor;

        public ulong Patch => patch;

        private string[] Pre => pre;

        public override CelType Type => SemverLibrary.Type;

        public override bool EqualTo(CelObject other) => Order((SemverValue)other) == 0;

        public override int Hash() => HashCode.Combine(major, minor, patch);

        public override string ToString() => $"{major}.{minor}.{patch}" +
            (pre.Length > 0 ? "-" + string.Join('.', pre) : "") + (build.Length > 0 ? "+" + string.Join('.', build) : "");

        public int Order(SemverValue other)
        {
            var order = (major, minor, patch).CompareTo((other.Major, other.Minor, other.Patch));
            if (order != 0)
                return order;
            if (pre.Length == 0 || other.Pre.Length == 0)
                return other.Pre.Length.CompareTo(0) - pre.Length.CompareTo(0);
            for (var i = 0; i < pre.Length && i < other.Pre.Length; i++)
            {
                order = ComparePart(pre[i], other.Pre[i]);
                if (order != 0)
                    return order;
            }
            return pre.Length.CompareTo(other.Pre.Length);
        }

        private static int ComparePart(string left, string right)
        {
            var (leftIsNumber, rightIsNumber) = (left.All(char.IsAsciiDigit), right.All(char.IsAsciiDigit));
            if (leftIsNumber != rightIsNumber)
                return leftIsNumber ? -1 : 1;
            if (leftIsNumber && left.Length != right.Length)
                return left.Length.CompareTo(right.Length);
            return string.CompareOrdinal(left, right);
        }
    }
}

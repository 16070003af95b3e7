using System.Globalization;
using System.Text;
using Pilothouse.Objects;

namespace Pilothouse.Cel;

/// <summary>The language's conversions between kinds of values, with the errors that they have.</summary>
internal static class Conversions
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private const long FirstSecond = -62135596800;
    private const long LastSecond = 253402300799;

    public static CelValue TimestampOverflow { get; } = CelValue.Error("timestamp overflow");

    private static CelValue IntOverflow { get; } = CelValue.Error("integer overflow");

    private static CelValue UintOverflow { get; } = CelValue.Error("unsigned integer overflow");

    public static CelValue ToText(in CelValue value)
    {
        switch (value.Kind)
        {
            case CelKind.String: return value;
            case CelKind.Bool: return CelValue.Of(value.AsBool ? "true" : "false");
            case CelKind.Int: return CelValue.Of(value.AsInt.ToString(CultureInfo.InvariantCulture));
            case CelKind.Uint: return CelValue.Of(value.AsUint.ToString(CultureInfo.InvariantCulture));
            case CelKind.Double: return CelValue.Of(GoFloat.General(value.AsDouble));
            case CelKind.Type: return CelValue.Of(value.AsType.Name);
            case CelKind.Duration:
                return CelValue.Of(GoFloat.Fixed(Seconds(value.AsNanoseconds)) + "s");
            case CelKind.Timestamp:
                var text = new GoTime(value.AsSeconds).ToString();
                if (value.NanosecondsOfSecond == 0)
                    return CelValue.Of(text);
                return CelValue.Of($"{text[..^1]}.{value.NanosecondsOfSecond:000000000}".TrimEnd('0') + "Z");
            case CelKind.Bytes:
                try
                {
                    return CelValue.Of(StrictUtf8.GetString(value.AsBytes));
                }
                catch (ArgumentException)
                {
                    return CelValue.Error("invalid UTF-8 in bytes, cannot convert to string");
                }
            default: return Fail(value, CelType.String);
        }
    }

    public static CelValue ToInt(in CelValue value)
    {
        switch (value.Kind)
        {
            case CelKind.Int: return value;
            case CelKind.Uint: return value.AsUint > long.MaxValue ? IntOverflow : CelValue.Of((long)value.AsUint);
            case CelKind.Double:
                var number = value.AsDouble;
                return double.IsFinite(number) && number > -9.2233720368547758e18 && number < 9.2233720368547758e18
                    ? CelValue.Of((long)number) : IntOverflow;
            case CelKind.String:
                return long.TryParse(value.AsString, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed)
                    ? CelValue.Of(parsed) : Fail(value, CelType.Int);
            case CelKind.Timestamp: return CelValue.Of(value.AsSeconds);
            case CelKind.Duration: return CelValue.Of(value.AsNanoseconds);
            default: return Fail(value, CelType.Int);
        }
    }

    public static CelValue ToUint(in CelValue value)
    {
        switch (value.Kind)
        {
            case CelKind.Uint: return value;
            case CelKind.Int: return value.AsInt < 0 ? UintOverflow : CelValue.Of((ulong)value.AsInt);
            case CelKind.Double:
                var number = value.AsDouble;
                return double.IsFinite(number) && number >= 0 && number < 1.8446744073709552e19
                    ? CelValue.Of((ulong)number) : UintOverflow;
            case CelKind.String:
                return ulong.TryParse(value.AsString, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)
                    ? CelValue.Of(parsed) : Fail(value, CelType.Uint);
            default: return Fail(value, CelType.Uint);
        }
    }

    public static CelValue ToDouble(in CelValue value) => value.Kind switch
    {
        CelKind.Double => value,
        CelKind.Int => CelValue.Of((double)value.AsInt),
        CelKind.Uint => CelValue.Of((double)value.AsUint),
        CelKind.String when GoFloat.TryParse(value.AsString, out var parsed) => CelValue.Of(parsed),
        _ => Fail(value, CelType.Double),
    };

    public static CelValue ToBool(in CelValue value) => value.Kind switch
    {
        CelKind.Bool => value,
        CelKind.String when value.AsString is "1" or "t" or "T" or "true" or "TRUE" or "True" => CelValue.True,
        CelKind.String when value.AsString is "0" or "f" or "F" or "false" or "FALSE" or "False" => CelValue.False,
        _ => Fail(value, CelType.Bool),
    };

    public static CelValue ToBytes(in CelValue value) => value.Kind switch
    {
        CelKind.Bytes => value,
        CelKind.String => CelValue.Of(Encoding.UTF8.GetBytes(value.AsString)),
        _ => Fail(value, CelType.Bytes),
    };

    public static CelValue ToDuration(in CelValue value)
    {
        if (value.Kind == CelKind.Duration)
            return value;
        return value.Kind == CelKind.String && GoDuration.TryParse(value.AsString, out long nanoseconds) is null
            ? CelValue.Duration(nanoseconds) : Fail(value, CelType.Duration);
    }

    public static CelValue ToTimestamp(in CelValue value)
    {
        switch (value.Kind)
        {
            case CelKind.Timestamp:
                return value;
            case CelKind.Int:
                return CheckedTimestamp(value.AsInt, 0);
            case CelKind.String when GoTime.TryParse(value.AsString, out var time) is null:
                return CheckedTimestamp(time.Seconds, time.Nanoseconds);
            default:
                return Fail(value, CelType.Timestamp);
        }
    }

    /// <summary>A timestamp, when it lies in the years that there are.</summary>
    public static CelValue CheckedTimestamp(Int128 seconds, long nanoseconds) =>
        seconds >= FirstSecond && seconds <= LastSecond ? CelValue.Timestamp((long)seconds, (int)nanoseconds) : TimestampOverflow;

    /// <summary>Seconds as Go's <c>Duration.Seconds</c> has them.</summary>
    public static double Seconds(long nanoseconds) =>
        nanoseconds / 1_000_000_000 + nanoseconds % 1_000_000_000 / 1e9;

    private static CelValue Fail(in CelValue value, CelType target) =>
        CelValue.Error($"type conversion error from '{value.RuntimeType.Name}' to '{target.Name}'");
}

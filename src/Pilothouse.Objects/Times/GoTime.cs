using System.Text;

namespace Pilothouse.Objects;

/// <summary>
/// A point in time as Go has it: any year from 0 to 9999, nanoseconds, UTC. Read and written in the two forms of the API:
/// <c>metav1.Time</c> in seconds, <c>metav1.MicroTime</c> with exactly six digits.
/// </summary>
/// <param name="Seconds">Since 1970.</param>
/// <param name="Nanoseconds">Within the second.</param>
public readonly record struct GoTime(long Seconds, int Nanoseconds = 0) : IComparable<GoTime>
{
    private const string SecondsLayout = "2006-01-02T15:04:05Z07:00";
    private const string MicrosecondsLayout = "2006-01-02T15:04:05.000000Z07:00";

    /// <summary>Go's zero time, the first moment of year 1: it stands for "not set".</summary>
    public static GoTime Zero { get; } = new(-62135596800);

    public bool IsZero => this == Zero;

    public static GoTime From(DateTimeOffset time)
    {
        var seconds = time.ToUnixTimeSeconds();
        return new(seconds, (int)(time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks - seconds * TimeSpan.TicksPerSecond) * 100);
    }

    /// <summary>The time as .NET has it, in ticks of 100 ns; null beyond its range.</summary>
    public DateTimeOffset? ToDateTimeOffset() =>
        Seconds is >= -62135596800 and <= 253402300799
            ? DateTimeOffset.FromUnixTimeSeconds(Seconds).AddTicks(Nanoseconds / 100)
            : null;

    /// <summary>Reads RFC 3339, with any fraction: the form of <c>metav1.Time</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="time">The time, when there is no error.</param>
    /// <returns>Null, or Go's error text.</returns>
    public static string? TryParse(string text, out GoTime time) => new Parser(text, SecondsLayout).Parse(out time);

    /// <summary>Reads RFC 3339 with exactly six digits of fraction: the form of <c>metav1.MicroTime</c>.</summary>
    /// <inheritdoc cref="TryParse"/>
    public static string? TryParseMicro(string text, out GoTime time) => new Parser(text, MicrosecondsLayout).Parse(out time);

    /// <summary><c>2026-01-02T03:04:05Z</c></summary>
    public override string ToString() => Format(micro: false);

    /// <summary><c>2026-01-02T03:04:05.678901Z</c></summary>
    public string ToMicroString() => Format(micro: true);

    public int CompareTo(GoTime other) =>
        Seconds != other.Seconds ? Seconds.CompareTo(other.Seconds) : Nanoseconds.CompareTo(other.Nanoseconds);

    public static bool operator <(GoTime left, GoTime right) => left.CompareTo(right) < 0;

    public static bool operator >(GoTime left, GoTime right) => left.CompareTo(right) > 0;

    public static bool operator <=(GoTime left, GoTime right) => left.CompareTo(right) <= 0;

    public static bool operator >=(GoTime left, GoTime right) => left.CompareTo(right) >= 0;

    private string Format(bool micro)
    {
        var days = Math.DivRem(Seconds, 86400, out var second);
        if (second < 0)
        {
            days--;
            second += 86400;
        }
        var (year, month, day) = FromDays(days);
        var fraction = micro ? $".{Nanoseconds / 1000:000000}" : "";
        return $"{year:0000}-{month:00}-{day:00}T{second / 3600:00}:{second / 60 % 60:00}:{second % 60:00}{fraction}Z";
    }

    // The proleptic Gregorian calendar in eras of 400 years that begin on the first of March, so that leap days come last.
    private static long ToDays(int year, int month, int day)
    {
        var y = month <= 2 ? year - 1 : year;
        var era = Math.DivRem(y >= 0 ? y : y - 399, 400).Quotient;
        var yearOfEra = y - era * 400;
        var dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        return era * 146097L + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
    }

    private static (long Year, long Month, long Day) FromDays(long days)
    {
        days += 719468;
        var era = (days >= 0 ? days : days - 146096) / 146097;
        var dayOfEra = days - era * 146097;
        var yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
        var dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        var month = (5 * dayOfYear + 2) / 153;
        var year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0);
        return (year, month < 10 ? month + 3 : month - 9, dayOfYear - (153 * month + 2) / 5 + 1);
    }

    /// <summary>Reads a layout element by element as Go's time package does, because its errors name the element.</summary>
    private ref struct Parser(string text, string layout)
    {
        private ReadOnlySpan<char> _rest = text;
        private string? _error;

        public string? Parse(out GoTime time)
        {
            time = default;
            var year = Year();
            Literal("-");
            var month = Number("01", 1, 12, "month");
            Literal("-");
            var day = Number("02", 0, 99, "day");
            Literal("T");
            var hour = Number("15", 0, 23, "hour", twoDigits: false);
            Literal(":");
            var minute = Number("04", 0, 59, "minute");
            Literal(":");
            var second = Number("05", 0, 59, "second");
            var nanoseconds = ReferenceEquals(layout, MicrosecondsLayout) ? SixDigits() : AnyFraction();
            var offset = Zone();
            if (_error is null && _rest.Length > 0)
                _error = $"parsing time {Quote(text)}: extra text: {Quote(_rest)}";
            if (_error is null && (day < 1 || day > DaysIn(year, month)))
                _error = $"parsing time {Quote(text)}: day out of range";
            if (_error is not null)
                return _error;
            time = new GoTime(ToDays(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset, nanoseconds);
            return null;
        }

        private static int DaysIn(int year, int month) => month switch
        {
            2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
            4 or 6 or 9 or 11 => 30,
            _ => 31,
        };

        private void Expected(string element) =>
            _error ??= $"parsing time {Quote(text)} as {Quote(layout)}: cannot parse {Quote(_rest)} as {Quote(element)}";

        private void OutOfRange(string what) => _error ??= $"parsing time {Quote(text)}: {what} out of range";

        private readonly bool Digit(int at) => at < _rest.Length && char.IsAsciiDigit(_rest[at]);

        private void Literal(string literal)
        {
            if (_error is not null)
                return;
            if (_rest.StartsWith(literal, StringComparison.Ordinal))
                _rest = _rest[literal.Length..];
            else
                Expected(literal);
        }

        private int Year()
        {
            if (!(Digit(0) && Digit(1) && Digit(2) && Digit(3)))
            {
                Expected("2006");
                return 0;
            }
            var year = int.Parse(_rest[..4]);
            _rest = _rest[4..];
            return year;
        }

        private int Number(string element, int least, int most, string what, bool twoDigits = true)
        {
            if (_error is not null)
                return 0;
            if (!Digit(0) || (twoDigits && !Digit(1)))
            {
                Expected(element);
                return 0;
            }
            var length = Digit(1) ? 2 : 1;
            var number = int.Parse(_rest[..length]);
            _rest = _rest[length..];
            if (number < least || number > most)
                OutOfRange(what);
            return number;
        }

        private int SixDigits()
        {
            if (_error is not null)
                return 0;
            if (_rest.Length < 7 || _rest[0] is not ('.' or ',') || _rest[1..7].ContainsAnyExceptInRange('0', '9'))
            {
                Expected(".000000");
                return 0;
            }
            var microseconds = int.Parse(_rest[1..7]);
            _rest = _rest[7..];
            return microseconds * 1000;
        }

        private int AnyFraction()
        {
            if (_error is not null || _rest.Length < 2 || _rest[0] is not ('.' or ',') || !Digit(1))
                return 0;
            var end = 1;
            while (Digit(end))
                end++;
            // Nine digits count, as Go has nanoseconds; the rest is cut off.
            var digits = _rest[1..Math.Min(end, 10)];
            var nanoseconds = int.Parse(digits);
            for (var i = digits.Length; i < 9; i++)
                nanoseconds *= 10;
            _rest = _rest[end..];
            return nanoseconds;
        }

        /// <summary>Seconds east of UTC.</summary>
        private int Zone()
        {
            if (_error is not null)
                return 0;
            if (_rest is ['Z', ..])
            {
                _rest = _rest[1..];
                return 0;
            }
            if (_rest.Length < 6 || _rest[0] is not ('+' or '-') || !Digit(1) || !Digit(2) || _rest[3] != ':' || !Digit(4) || !Digit(5))
            {
                Expected("Z07:00");
                return 0;
            }
            var (hours, minutes) = (int.Parse(_rest[1..3]), int.Parse(_rest[4..6]));
            if (hours > 24)
                OutOfRange("time zone offset hour");
            if (minutes > 60)
                OutOfRange("time zone offset minute");
            var offset = hours * 3600 + minutes * 60;
            if (_rest[0] == '-')
                offset = -offset;
            _rest = _rest[6..];
            return offset;
        }

        // Go's time package quotes by itself: anything but printable ASCII byte by byte.
        private static string Quote(ReadOnlySpan<char> text)
        {
            var quoted = new StringBuilder("\"");
            foreach (var b in Encoding.UTF8.GetBytes(text.ToString()))
            {
                if (b is (byte)'"' or (byte)'\\')
                    quoted.Append('\\').Append((char)b);
                else if (b is < 0x20 or >= 0x80)
                    quoted.Append($"\\x{b:x2}");
                else
                    quoted.Append((char)b);
            }
            return quoted.Append('"').ToString();
        }
    }
}

using System.Buffers;
using System.Globalization;
using System.Numerics;

namespace Pilothouse.Objects;

/// <summary>
/// An amount of something, <c>resource.Quantity</c>: an exact decimal number of at most nine places, and the kind of suffix
/// it was written with. Compared by value; printed in canonical form.
/// </summary>
public readonly struct Quantity : IEquatable<Quantity>, IComparable<Quantity>
{
    private const string WrongFormat =
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    private const string WrongNumber = "unable to parse numeric part of quantity";
    private const string WrongSuffix = "unable to parse quantity's suffix";

    // More digits than any amount has; it bounds the work that a text can cause.
    private const int MostDigits = 10_000;

    private static readonly SearchValues<char> SuffixLetters = SearchValues.Create("eEinumkKMGTP");

    // value = _unscaled * 10^_scale, _scale >= -9.
    private readonly BigInteger _unscaled;
    private readonly int _scale;

    // The text as it was read, when upstream takes it for canonical and so keeps it.
    private readonly string? _text;

    private Quantity(BigInteger unscaled, int scale, QuantityFormat format, string? text = null)
    {
        _unscaled = unscaled;
        _scale = unscaled.IsZero ? 0 : scale;
        Format = format;
        _text = text;
    }

    public static Quantity Zero => default;

    public QuantityFormat Format { get; }

    public int Sign => _unscaled.Sign;

    public static Quantity Of(long value, QuantityFormat format = QuantityFormat.DecimalSI) => new(value, 0, format);

    public static Quantity OfMilli(long value, QuantityFormat format = QuantityFormat.DecimalSI) => new(value, -3, format);

    /// <summary>Reads a quantity.</summary>
    /// <returns>Null, or upstream's error text.</returns>
    public static string? TryParse(ReadOnlySpan<char> text, out Quantity quantity)
    {
        quantity = default;
        if (text.IsEmpty)
            return WrongFormat;
        var rest = text;
        var negative = rest[0] == '-';
        if (rest[0] is '-' or '+')
            rest = rest[1..];
        var whole = Digits(ref rest);
        ReadOnlySpan<char> fraction = [];
        if (rest is ['.', ..])
        {
            rest = rest[1..];
            fraction = Digits(ref rest);
        }
        var suffix = rest;
        var letters = rest.IndexOfAnyExcept(SuffixLetters);
        if (letters >= 0)
        {
            var exponent = rest[letters..];
            if (exponent[0] is '-' or '+')
                exponent = exponent[1..];
            if (exponent.ContainsAnyExceptInRange('0', '9'))
                return WrongFormat;
        }
        if (!TryInterpret(suffix, out var format, out var power))
            return WrongSuffix;
        if (whole.Length + fraction.Length > MostDigits)
            return WrongNumber;

        var significant = whole.TrimStart('0');
        var shifted = $"{(significant.IsEmpty ? "0" : significant)}{fraction}";
        var number = BigInteger.Parse(shifted, NumberStyles.None, CultureInfo.InvariantCulture);
        var scale = -fraction.Length;
        if (format == QuantityFormat.BinarySI)
        {
            var digits = shifted.Length - fraction.Length;
            var small = fraction.IsEmpty && 15 - digits - power * 3 / 10 - 1 >= 0;
            var binary = number << power;
            if (small)
            {
                quantity = new(negative ? -binary : binary, 0, format, ((int)(number % 8)) != 0 ? text.ToString() : null);
                return null;
            }
            number = binary;
        }
        else
        {
            scale += power;
            if (shifted.Length <= 18 && scale >= -9)
            {
                var canonical = scale % 3 == 0 && !shifted.EndsWith("000", StringComparison.Ordinal) && shifted[0] != '0';
                quantity = new(negative ? -number : number, scale, format, canonical || text is "0" ? text.ToString() : null);
                return null;
            }
            if (whole.IsEmpty && fraction.IsEmpty)
                return WrongNumber;
        }
        (number, scale) = RoundUp(number, scale, -9);
        if (format == QuantityFormat.BinarySI)
        {
            // The cap is what fits in 64 bits.
            if (Compare(number, scale, long.MaxValue, 0) > 0)
                (number, scale) = (long.MaxValue, 0);
            if (!number.IsZero && Compare(number, scale, 1, 0) < 0)
                format = QuantityFormat.DecimalSI;
        }
        quantity = new(negative ? -number : number, scale, format);
        return null;
    }

    /// <summary>A quantity that is known to be one, of the server's own or from a tree in normal form.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Quantity Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var quantity) is { } error ? throw new FormatException(error) : quantity;

    public static Quantity operator +(Quantity left, Quantity right) => left.Add(right);

    public static Quantity operator -(Quantity left, Quantity right) => left.Subtract(right);

    public static Quantity operator -(Quantity value) => value.Negate();

    public static bool operator ==(Quantity left, Quantity right) => left.CompareTo(right) == 0;

    public static bool operator !=(Quantity left, Quantity right) => left.CompareTo(right) != 0;

    public static bool operator <(Quantity left, Quantity right) => left.CompareTo(right) < 0;

    public static bool operator >(Quantity left, Quantity right) => left.CompareTo(right) > 0;

    public static bool operator <=(Quantity left, Quantity right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Quantity left, Quantity right) => left.CompareTo(right) >= 0;

    /// <summary>The sum, in this quantity's format; in the other's when this one is zero.</summary>
    public Quantity Add(Quantity other)
    {
        var format = Sign == 0 ? other.Format : Format;
        if (Sign == 0 || other.Sign == 0)
            return Sign == 0 ? new(other._unscaled, other._scale, format) : new(_unscaled, _scale, format);
        var scale = Math.Min(_scale, other._scale);
        // So far apart, the smaller one does not show.
        if ((long)Math.Max(_scale, other._scale) - scale > MostDigits)
            return _scale > other._scale ? new(_unscaled, _scale, format) : new(other._unscaled, other._scale, format);
        return new(Shift(_unscaled, _scale - scale) + Shift(other._unscaled, other._scale - scale), scale, format);
    }

    public Quantity Subtract(Quantity other) => Add(other.Negate());

    public Quantity Negate() => new(-_unscaled, _scale, Format);

    /// <summary>The value rounded away from zero to a power of ten: -3 for thousandths, 0 for whole numbers.</summary>
    public Quantity RoundUpTo(int scale)
    {
        if (_scale >= scale)
            return this;
        var (unscaled, rounded) = RoundUp(BigInteger.Abs(_unscaled), _scale, scale);
        return new(Sign < 0 ? -unscaled : unscaled, rounded, Format);
    }

    /// <summary>The value rounded up to a whole number; the largest long when it does not fit.</summary>
    public long Value => Scaled(0);

    /// <summary>The value in thousandths, rounded up; the largest long when it does not fit.</summary>
    public long MilliValue => Scaled(-3);

    /// <summary>Whether the value is a whole number within 64 bits.</summary>
    public bool IsInteger => RoundUpTo(0) == this && this <= Of(long.MaxValue) && this >= Of(long.MinValue);

    /// <summary>The nearest floating point number, or about it.</summary>
    public double ApproximateValue => (double)_unscaled * Math.Pow(10, _scale);

    public int CompareTo(Quantity other) =>
        Sign != other.Sign ? Sign.CompareTo(other.Sign)
        : Sign * Compare(BigInteger.Abs(_unscaled), _scale, BigInteger.Abs(other._unscaled), other._scale);

    public bool Equals(Quantity other) => CompareTo(other) == 0;

    public override bool Equals(object? obj) => obj is Quantity other && Equals(other);

    public override int GetHashCode()
    {
        var (number, scale) = WithoutZeros();
        return HashCode.Combine(number, scale);
    }

    /// <summary>The canonical form: <c>1500m</c>, <c>1Gi</c>, <c>5e3</c>.</summary>
    public override string ToString()
    {
        if (_text is not null)
            return _text;
        if (Sign == 0)
            return "0";
        var format = Format;
        if (format == QuantityFormat.BinarySI)
        {
            var small = Compare(BigInteger.Abs(_unscaled), _scale, 1024, 0) < 0;
            if (!small && RoundUpTo(0) == this)
            {
                var number = Shift(_unscaled, _scale);
                if (_scale < 0)
                    number = _unscaled / BigInteger.Pow(10, -_scale);
                var thousands = 0;
                while (thousands < 6 && (number & 1023).IsZero)
                {
                    number >>= 10;
                    thousands++;
                }
                return $"{number}{thousands switch { 0 => "", 1 => "Ki", 2 => "Mi", 3 => "Gi", 4 => "Ti", 5 => "Pi", _ => "Ei" }}";
            }
            format = QuantityFormat.DecimalSI;
        }
        var (mantissa, exponent) = WithoutZeros();
        var over = ((exponent % 3) + 3) % 3;
        mantissa *= over == 0 ? 1 : over == 1 ? 10 : 100;
        exponent -= over;
        var suffix = format == QuantityFormat.DecimalExponent ? null : exponent switch
        {
            -9 => "n",
            -6 => "u",
            -3 => "m",
            0 => "",
            3 => "k",
            6 => "M",
            9 => "G",
            12 => "T",
            15 => "P",
            18 => "E",
            _ => null,
        };
        return $"{mantissa}{suffix ?? (exponent == 0 ? "" : $"e{exponent}")}";
    }

    private static bool TryInterpret(ReadOnlySpan<char> suffix, out QuantityFormat format, out int power)
    {
        format = suffix is [_, 'i'] ? QuantityFormat.BinarySI : QuantityFormat.DecimalSI;
        power = suffix switch
        {
            "" => 0,
            "n" => -9,
            "u" => -6,
            "m" => -3,
            "k" => 3,
            "M" => 6,
            "G" => 9,
            "T" => 12,
            "P" => 15,
            "E" => 18,
            "Ki" => 10,
            "Mi" => 20,
            "Gi" => 30,
            "Ti" => 40,
            "Pi" => 50,
            "Ei" => 60,
            _ => int.MinValue,
        };
        if (power != int.MinValue)
            return true;
        format = QuantityFormat.DecimalExponent;
        // Exponents beyond a million are refused: no amount has them, and they would cost memory.
        return suffix is ['e' or 'E', _, ..]
            && int.TryParse(suffix[1..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out power)
            && power is >= -1_000_000 and <= 1_000_000;
    }

    private static ReadOnlySpan<char> Digits(scoped ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOfAnyExceptInRange('0', '9');
        var digits = end < 0 ? rest : rest[..end];
        rest = rest[digits.Length..];
        return digits;
    }

    private static BigInteger Shift(BigInteger number, int power) => power <= 0 ? number : number * BigInteger.Pow(10, power);

    /// <summary>A number that is not negative, rounded up so that it has no digits below 10^<paramref name="to"/>.</summary>
    private static (BigInteger Number, int Scale) RoundUp(BigInteger number, int scale, int to)
    {
        if (scale >= to || number.IsZero)
            return (number, scale);
        var drop = to - scale;
        if (drop > DigitCount(number))
            return (BigInteger.One, to);
        var (quotient, remainder) = BigInteger.DivRem(number, BigInteger.Pow(10, drop));
        return (remainder.IsZero ? quotient : quotient + 1, to);
    }

    private static long DigitCount(BigInteger number) => number.IsZero ? 0 : (long)BigInteger.Log10(number) + 1;

    /// <summary>Compares numbers that are not negative. Only numbers of about the same size are brought to one scale.</summary>
    private static int Compare(BigInteger left, int leftScale, BigInteger right, int rightScale)
    {
        if (left.IsZero || right.IsZero)
            return left.IsZero ? right.IsZero ? 0 : -1 : 1;
        var (leftSize, rightSize) = (DigitCount(left) + leftScale, DigitCount(right) + rightScale);
        // The count comes from a logarithm, and may be off by one.
        if (Math.Abs(leftSize - rightSize) > 2)
            return leftSize.CompareTo(rightSize);
        var scale = Math.Min(leftScale, rightScale);
        return Shift(left, leftScale - scale).CompareTo(Shift(right, rightScale - scale));
    }

    private (BigInteger Mantissa, int Exponent) WithoutZeros()
    {
        var (number, scale) = (_unscaled, _scale);
        while (!number.IsZero)
        {
            var (quotient, remainder) = BigInteger.DivRem(number, 10);
            if (!remainder.IsZero)
                break;
            (number, scale) = (quotient, scale + 1);
        }
        return (number, scale);
    }

    private long Scaled(int scale)
    {
        var rounded = RoundUpTo(scale);
        var shift = rounded._scale - scale;
        if (rounded.Sign == 0)
            return 0;
        if (shift > 19)
            return rounded.Sign < 0 ? long.MinValue : long.MaxValue;
        var number = Shift(rounded._unscaled, shift);
        return number > long.MaxValue ? long.MaxValue : number < long.MinValue ? long.MinValue : (long)number;
    }
}

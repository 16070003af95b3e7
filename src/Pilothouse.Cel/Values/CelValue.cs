using System.Globalization;

namespace Pilothouse.Cel;

/// <summary>
/// A value of the language: small, immutable, and an error where there is none, because CEL's logical operators absorb
/// errors. Numbers, times and truth values live in the struct; the rest is one reference.
/// </summary>
public readonly struct CelValue : IEquatable<CelValue>
{
    private readonly object? _object;
    private readonly long _bits;

    // The nanoseconds of a timestamp; its seconds are the bits.
    private readonly int _nanoseconds;

    private CelValue(CelKind kind, long bits, object? reference = null, int nanoseconds = 0)
    {
        Kind = kind;
        _bits = bits;
        _object = reference;
        _nanoseconds = nanoseconds;
    }

    public CelKind Kind { get; }

    public static CelValue Null => default;

    public static CelValue True => new(CelKind.Bool, 1);

    public static CelValue False => new(CelKind.Bool, 0);

    public static CelValue EmptyOptional => new(CelKind.Optional, 0);

    public static CelValue Of(bool value) => value ? True : False;

    public static CelValue Of(long value) => new(CelKind.Int, value);

    public static CelValue Of(ulong value) => new(CelKind.Uint, (long)value);

    public static CelValue Of(double value) => new(CelKind.Double, BitConverter.DoubleToInt64Bits(value));

    public static CelValue Of(string value) => new(CelKind.String, 0, value);

    public static CelValue Of(byte[] value) => new(CelKind.Bytes, 0, value);

    public static CelValue Of(CelList value) => new(CelKind.List, 0, value);

    public static CelValue Of(CelMap value) => new(CelKind.Map, 0, value);

    /// <summary>The type itself as a value, as in <c>type(x) == int</c>.</summary>
    public static CelValue Of(CelType type) => new(CelKind.Type, 0, type);

    /// <summary>A value that its own functions understand.</summary>
    public static CelValue Of(CelObject value) => new(CelKind.Object, 0, value);

    /// <summary>A moment.</summary>
    /// <param name="seconds">Since 1970, of the years 1 to 9999.</param>
    /// <param name="nanoseconds">0 to 999,999,999.</param>
    public static CelValue Timestamp(long seconds, int nanoseconds) =>
        new(CelKind.Timestamp, seconds, nanoseconds: nanoseconds);

    public static CelValue Timestamp(DateTimeOffset time)
    {
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        var seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out var rest);
        if (rest < 0)
            (seconds, rest) = (seconds - 1, rest + TimeSpan.TicksPerSecond);
        return Timestamp(seconds, (int)rest * 100);
    }

    /// <summary>A length of time, in nanoseconds.</summary>
    public static CelValue Duration(long nanoseconds) => new(CelKind.Duration, nanoseconds);

    public static CelValue Optional(CelValue value) => new(CelKind.Optional, 1, new Boxed(value));

    public static CelValue Error(string message) => new(CelKind.Error, 0, new CelError(message));

    internal static CelValue NoSuchOverload => new(CelKind.Error, 0, CelError.NoSuchOverload);

    public bool IsError => Kind == CelKind.Error;

    public bool IsTrue => Kind == CelKind.Bool && _bits != 0;

    public bool IsFalse => Kind == CelKind.Bool && _bits == 0;

    public bool AsBool => _bits != 0;

    public long AsInt => _bits;

    public ulong AsUint => (ulong)_bits;

    public double AsDouble => BitConverter.Int64BitsToDouble(_bits);

    public string AsString => (string)_object!;

    public byte[] AsBytes => (byte[])_object!;

    public CelList AsList => (CelList)_object!;

    public CelMap AsMap => (CelMap)_object!;

    public CelType AsType => (CelType)_object!;

    public CelObject AsObject => (CelObject)_object!;

    /// <summary>A duration's nanoseconds.</summary>
    public long AsNanoseconds => _bits;

    /// <summary>A timestamp's seconds since 1970.</summary>
    public long AsSeconds => _bits;

    /// <summary>A timestamp's nanoseconds within the second.</summary>
    public int NanosecondsOfSecond => _nanoseconds;

    public bool HasOptional => Kind == CelKind.Optional && _object is not null;

    public CelValue OptionalValue => ((Boxed)_object!).Value;

    /// <summary>What went wrong, for an error.</summary>
    public string ErrorMessage => ((CelError)_object!).Message;

    /// <summary>The object, when it is one of this class.</summary>
    public T? AsObjectOf<T>()
        where T : CelObject => Kind == CelKind.Object ? _object as T : null;

    /// <summary>The value's type at run time, without parameters.</summary>
    public CelType RuntimeType => Kind switch
    {
        CelKind.Null => CelType.Null,
        CelKind.Bool => CelType.Bool,
        CelKind.Int => CelType.Int,
        CelKind.Uint => CelType.Uint,
        CelKind.Double => CelType.Double,
        CelKind.String => CelType.String,
        CelKind.Bytes => CelType.Bytes,
        CelKind.Timestamp => CelType.Timestamp,
        CelKind.Duration => CelType.Duration,
        CelKind.List => CelType.DynList,
        CelKind.Map => AsMap.Type,
        CelKind.Type => CelType.Type,
        CelKind.Optional => OptionalOfDyn,
        CelKind.Object => AsObject.Type,
        _ => CelType.Error,
    };

    private static CelType OptionalOfDyn { get; } = CelType.Optional(CelType.Dyn);

    /// <summary>CEL's equality, which holds across kinds of numbers.</summary>
    public bool Equals(CelValue other) => CelEquality.AreEqual(this, other);

    public override bool Equals(object? obj) => obj is CelValue other && Equals(other);

    public override int GetHashCode() => CelEquality.Hash(this);

    public static bool operator ==(CelValue left, CelValue right) => left.Equals(right);

    public static bool operator !=(CelValue left, CelValue right) => !left.Equals(right);

    /// <summary>As upstream prints values in messages.</summary>
    public override string ToString() => Kind switch
    {
        CelKind.Null => "null",
        CelKind.Bool => AsBool ? "true" : "false",
        CelKind.Int => AsInt.ToString(CultureInfo.InvariantCulture),
        CelKind.Uint => AsUint.ToString(CultureInfo.InvariantCulture),
        CelKind.String => AsString,
        CelKind.Error => ErrorMessage,
        CelKind.List => $"[{string.Join(", ", AsList)}]",
        CelKind.Optional => HasOptional ? $"optional({OptionalValue})" : "optional.none()",
        CelKind.Map => $"{{{string.Join(", ", AsMap.Keys.Select(MapEntry))}}}",
        CelKind.Object => AsObject.ToString() ?? AsObject.Type.Name,
        CelKind.Type => AsType.Name,
        _ => Conversions.ToText(this) is { Kind: CelKind.String } text ? text.AsString : Kind.ToString(),
    };

    private string MapEntry(CelValue key) => AsMap.TryGet(key, out var value) ? $"{key}: {value}" : key.ToString();

    private sealed record Boxed(CelValue Value);
}

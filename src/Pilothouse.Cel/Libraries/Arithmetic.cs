namespace Pilothouse.Cel;

/// <summary>Arithmetic that notices when it leaves its range.</summary>
internal static class Arithmetic
{
    private static readonly CelValue IntOverflow = CelValue.Error("integer overflow");
    private static readonly CelValue UintOverflow = CelValue.Error("unsigned integer overflow");
    private static readonly CelValue DurationOverflow = CelValue.Error("duration overflow");
    private static readonly CelValue DivisionByZero = CelValue.Error("division by zero");
    private static readonly CelValue ModulusByZero = CelValue.Error("modulus by zero");

    public static CelValue AddInts(in CelValue left, in CelValue right) => Int((Int128)left.AsInt + right.AsInt);

    public static CelValue SubtractInts(in CelValue left, in CelValue right) => Int((Int128)left.AsInt - right.AsInt);

    public static CelValue MultiplyInts(in CelValue left, in CelValue right) => Int((Int128)left.AsInt * right.AsInt);

    public static CelValue NegateInt(in CelValue value) => Int(-(Int128)value.AsInt);

    public static CelValue DivideInts(in CelValue left, in CelValue right) =>
        right.AsInt == 0 ? DivisionByZero : Int((Int128)left.AsInt / right.AsInt);

    public static CelValue ModuloInts(in CelValue left, in CelValue right) =>
        right.AsInt == 0 ? ModulusByZero
        : left.AsInt == long.MinValue && right.AsInt == -1 ? IntOverflow
        : CelValue.Of(left.AsInt % right.AsInt);

    public static CelValue AddUints(in CelValue left, in CelValue right) => Uint((Int128)left.AsUint + right.AsUint);

    public static CelValue SubtractUints(in CelValue left, in CelValue right) => Uint((Int128)left.AsUint - right.AsUint);

    public static CelValue MultiplyUints(in CelValue left, in CelValue right)
    {
        var product = (UInt128)left.AsUint * right.AsUint;
        return product > ulong.MaxValue ? UintOverflow : CelValue.Of((ulong)product);
    }

    public static CelValue DivideUints(in CelValue left, in CelValue right) =>
        right.AsUint == 0 ? DivisionByZero : CelValue.Of(left.AsUint / right.AsUint);

    public static CelValue ModuloUints(in CelValue left, in CelValue right) =>
        right.AsUint == 0 ? ModulusByZero : CelValue.Of(left.AsUint % right.AsUint);

    public static CelValue AddDurations(in CelValue left, in CelValue right) =>
        Duration((Int128)left.AsNanoseconds + right.AsNanoseconds);

    public static CelValue SubtractDurations(in CelValue left, in CelValue right) =>
        Duration((Int128)left.AsNanoseconds - right.AsNanoseconds);

    /// <summary>A timestamp and a duration after it.</summary>
    public static CelValue Shift(in CelValue timestamp, long nanoseconds) => ShiftWide(timestamp, nanoseconds);

    /// <summary>A timestamp and a duration before it.</summary>
    public static CelValue ShiftBack(in CelValue timestamp, long nanoseconds) =>
        nanoseconds == long.MinValue ? DurationOverflow : ShiftWide(timestamp, -nanoseconds);

    /// <summary>The time from the second timestamp to the first.</summary>
    public static CelValue Between(in CelValue left, in CelValue right) => Duration(Nanoseconds(left) - Nanoseconds(right), IntOverflow);

    private static CelValue ShiftWide(in CelValue timestamp, Int128 nanoseconds)
    {
        var total = Nanoseconds(timestamp) + nanoseconds;
        var seconds = total / 1_000_000_000;
        var rest = (long)(total % 1_000_000_000);
        if (rest < 0)
            (seconds, rest) = (seconds - 1, rest + 1_000_000_000);
        return Conversions.CheckedTimestamp(seconds, rest);
    }

    private static Int128 Nanoseconds(in CelValue timestamp) =>
        (Int128)timestamp.AsSeconds * 1_000_000_000 + timestamp.NanosecondsOfSecond;

    private static CelValue Int(Int128 value) =>
        value < long.MinValue || value > long.MaxValue ? IntOverflow : CelValue.Of((long)value);

    private static CelValue Uint(Int128 value) => value < 0 || value > ulong.MaxValue ? UintOverflow : CelValue.Of((ulong)value);

    private static CelValue Duration(Int128 value, CelValue? overflow = null) =>
        value < long.MinValue || value > long.MaxValue ? overflow ?? DurationOverflow : CelValue.Duration((long)value);
}

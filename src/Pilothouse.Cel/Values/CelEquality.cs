namespace Pilothouse.Cel;

/// <summary>Equality, order and hashes over all kinds of values; numbers compare by value, not by kind.</summary>
internal static class CelEquality
{
    public static bool AreEqual(in CelValue left, in CelValue right)
    {
        if (left.Kind != right.Kind)
            return IsNumber(left.Kind) && IsNumber(right.Kind) && CompareNumbers(left, right) == 0;
        switch (left.Kind)
        {
            case CelKind.Null:
                return true;
            case CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.Duration:
                return left.AsInt == right.AsInt;
            case CelKind.Double:
                return left.AsDouble == right.AsDouble;
            case CelKind.String:
                return left.AsString == right.AsString;
            case CelKind.Bytes:
                return left.AsBytes.AsSpan().SequenceEqual(right.AsBytes);
            case CelKind.Timestamp:
                return left.AsSeconds == right.AsSeconds && left.NanosecondsOfSecond == right.NanosecondsOfSecond;
            case CelKind.List:
                return left.AsList.EqualTo(right.AsList);
            case CelKind.Map:
                return left.AsMap.EqualTo(right.AsMap);
            case CelKind.Type:
                return left.AsType.Name == right.AsType.Name;
            case CelKind.Optional:
                return left.HasOptional == right.HasOptional &&
                    (!left.HasOptional || AreEqual(left.OptionalValue, right.OptionalValue));
            case CelKind.Object:
                return left.AsObject.GetType() == right.AsObject.GetType() && left.AsObject.EqualTo(right.AsObject);
            default:
                return false;
        }
    }

    public static int Hash(in CelValue value) => value.Kind switch
    {
        CelKind.Bool or CelKind.Duration => value.AsInt.GetHashCode(),
        // Equal numbers have equal hashes, whatever they are written as.
        CelKind.Int => ((double)value.AsInt).GetHashCode(),
        CelKind.Uint => ((double)value.AsUint).GetHashCode(),
        CelKind.Double => value.AsDouble == 0 ? 0 : value.AsDouble.GetHashCode(),
        CelKind.String => value.AsString.GetHashCode(StringComparison.Ordinal),
        CelKind.Timestamp => HashCode.Combine(value.AsSeconds, value.NanosecondsOfSecond),
        CelKind.Bytes => value.AsBytes.Length,
        CelKind.List => value.AsList.Count,
        CelKind.Map => value.AsMap.Count,
        CelKind.Type => value.AsType.Name.GetHashCode(StringComparison.Ordinal),
        CelKind.Object => value.AsObject.Hash(),
        _ => 0,
    };

    /// <summary>The order of two values.</summary>
    /// <returns>-1, 0, 1 as an int, or an error when they have none.</returns>
    public static CelValue Compare(in CelValue left, in CelValue right)
    {
        if (IsNumber(left.Kind) && IsNumber(right.Kind))
        {
            if (left.Kind == CelKind.Double && double.IsNaN(left.AsDouble) ||
                right.Kind == CelKind.Double && double.IsNaN(right.AsDouble))
                return CelValue.Error("NaN values cannot be ordered");
            return Sign(CompareNumbers(left, right));
        }
        if (left.Kind != right.Kind)
            return CelValue.NoSuchOverload;
        return left.Kind switch
        {
            CelKind.Bool or CelKind.Duration => Sign(left.AsInt.CompareTo(right.AsInt)),
            CelKind.String => Sign(CompareText(left.AsString, right.AsString)),
            CelKind.Bytes => Sign(left.AsBytes.AsSpan().SequenceCompareTo(right.AsBytes)),
            CelKind.Timestamp => Sign(
                (left.AsSeconds, left.NanosecondsOfSecond).CompareTo((right.AsSeconds, right.NanosecondsOfSecond))),
            _ => CelValue.NoSuchOverload,
        };
    }

    public static bool IsNumber(CelKind kind) => kind is CelKind.Int or CelKind.Uint or CelKind.Double;

    /// <summary>The order of the UTF-8 bytes, which UTF-16 does not keep beyond the basic plane.</summary>
    public static int CompareText(string left, string right)
    {
        var length = Math.Min(left.Length, right.Length);
        for (var i = 0; i < length; i++)
        {
            var (a, b) = (left[i], right[i]);
            if (a == b)
                continue;
            if (char.IsSurrogate(a) != char.IsSurrogate(b))
                return char.IsSurrogate(a) ? 1 : -1;
            return a < b ? -1 : 1;
        }
        return left.Length.CompareTo(right.Length);
    }

    private static CelValue Sign(int order) => CelValue.Of((long)Math.Sign(order));

    // NaN is equal to nothing: it must never come out as 0.
    private static int CompareNumbers(in CelValue left, in CelValue right)
    {
        switch (left.Kind, right.Kind)
        {
            case (CelKind.Int, CelKind.Int):
                return left.AsInt.CompareTo(right.AsInt);
            case (CelKind.Uint, CelKind.Uint):
                return left.AsUint.CompareTo(right.AsUint);
            case (CelKind.Int, CelKind.Uint):
                return left.AsInt < 0 ? -1 : ((ulong)left.AsInt).CompareTo(right.AsUint);
            case (CelKind.Uint, CelKind.Int):
                return right.AsInt < 0 ? 1 : left.AsUint.CompareTo((ulong)right.AsInt);
            case (CelKind.Double, CelKind.Double):
                return CompareDoubles(left.AsDouble, right.AsDouble);
            case (CelKind.Double, CelKind.Int):
                return -CompareIntToDouble(right.AsInt, left.AsDouble);
            case (CelKind.Int, CelKind.Double):
                return CompareIntToDouble(left.AsInt, right.AsDouble);
            case (CelKind.Double, CelKind.Uint):
                return -CompareUintToDouble(right.AsUint, left.AsDouble);
            default:
                return CompareUintToDouble(left.AsUint, right.AsDouble);
        }
    }

    private static int CompareDoubles(double left, double right) => left == right ? 0 : left < right ? -1 : 1;

    private static int CompareIntToDouble(long value, double number)
    {
        if (double.IsNaN(number))
            return 1;
        if (number < -9.2233720368547758e18)
            return 1;
        return number > 9.2233720368547758e18 ? -1 : CompareDoubles(value, number);
    }

    private static int CompareUintToDouble(ulong value, double number)
    {
        if (double.IsNaN(number))
            return 1;
        if (number < 0)
            return 1;
        return number > 1.8446744073709552e19 ? -1 : CompareDoubles(value, number);
    }
}

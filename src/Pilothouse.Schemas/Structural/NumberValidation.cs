using System.Globalization;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>Checks numbers: whether their type holds them, and their bounds. A bound that the type does not hold is an error, too.</summary>
internal static class NumberValidation
{
    // As swag.IsFloat64AJSONInteger has it.
    private const double LargestInteger = 9007199254740991;
    private const double Epsilon = 1e-9;

    public static void Check(StructuralSchema schema, string format, JsonNode value, string path, string field, SchemaFaults faults)
    {
        var type = schema.IsIntOrString ? "" : schema.Type;
        var isInteger = StructuralNumbers.IsInteger(value);
        var number = StructuralNumbers.ToDouble(value);
        Range(value.AsInteger(), number, "Checked");
        var found = new SchemaFaults();
        if (schema.MultipleOf is { } factor)
        {
            var text = Range(Whole(factor), factor, "MultipleOf") && isInteger
                ? MultipleOf(value.AsInteger()!.Value, (long)factor)
                : MultipleOf(number, factor);
            if (text is not null)
                Add(text);
        }
        if (schema.Minimum is { } minimum)
        {
            var fits = Range(Whole(minimum), minimum, "Minimum boundary");
            if (fits && isInteger ? Under(value.AsInteger()!.Value, (long)minimum) : Under(number, minimum))
                Add($"{path} in body should be greater than {(schema.ExclusiveMinimum ? "" : "or equal to ")}{Show(minimum, fits && isInteger)}");
        }
        if (schema.Maximum is { } maximum)
        {
            var fits = Range(Whole(maximum), maximum, "Maximum boundary");
            if (fits && isInteger ? Over(value.AsInteger()!.Value, (long)maximum) : Over(number, maximum))
                Add($"{path} in body should be less than {(schema.ExclusiveMaximum ? "" : "or equal to ")}{Show(maximum, fits && isInteger)}");
        }
        faults.Merge(found);
        faults.Count();

        void Add(string text) => found.Add(text, FieldError.Invalid(field, value, text));

        bool Under<T>(T given, T bound) where T : IComparable<T> => given.CompareTo(bound) is var order && (order < 0 || (order == 0 && schema.ExclusiveMinimum));

        bool Over<T>(T given, T bound) where T : IComparable<T> => given.CompareTo(bound) is var order && (order > 0 || (order == 0 && schema.ExclusiveMaximum));

        bool Range(long? whole, double real, string what)
        {
            var holds = type != "integer"
                ? format != "float" || float.IsFinite((float)real)
                : whole is { } integer && (format != "int32" || integer is >= int.MinValue and <= int.MaxValue);
            if (holds)
                return true;
            var text = format.Length > 0
                ? $"{what} value must be of type {type} with format {format} in {path}"
                : $"{what} value must be of type {type} (default format) in {path}";
            faults.Add(text, FieldError.Invalid("<nil>", "", text));
            return false;
        }

        string? MultipleOf<T>(T given, T by) where T : System.Numerics.INumber<T>
        {
            if (by <= T.Zero)
                return $"factor MultipleOf declared for {path} must be positive: {by.ToString(null, CultureInfo.InvariantCulture)}";
            var isMultiple = given is double real ? IsWhole((double)(object)by < 1 ? 1 / (double)(object)by * real : real / (double)(object)by) : given % by == T.Zero;
            return isMultiple ? null : $"{path} in body should be a multiple of {(by is double shown ? GoFloat.Marshal(shown) : by.ToString(null, CultureInfo.InvariantCulture))}";
        }
    }

    private static long? Whole(double number) => number == Math.Truncate(number) && Math.Abs(number) < 9.2e18 ? (long)number : null;

    private static string Show(double bound, bool asInteger) =>
        asInteger ? ((long)bound).ToString(CultureInfo.InvariantCulture) : GoFloat.Marshal(bound);

    private static bool IsWhole(double number)
    {
        if (!double.IsFinite(number) || Math.Abs(number) > LargestInteger)
            return false;
        var whole = Math.Truncate(number);
        if (number == whole)
            return true;
        var difference = Math.Abs(number - whole);
        return whole != 0 && difference / (Math.Abs(number) + Math.Abs(whole)) < Epsilon;
    }
}

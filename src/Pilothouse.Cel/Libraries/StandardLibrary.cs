using static Pilothouse.Cel.CelType;

namespace Pilothouse.Cel;

/// <summary>The functions of the language itself.</summary>
internal static class StandardLibrary
{
    private static readonly CelType A = Parameter("A");
    private static readonly CelType B = Parameter("B");
    private static readonly CelType ListOfA = List(A);
    private static readonly CelType MapOfAB = Map(A, B);

    /// <summary>The types whose names are values.</summary>
    public static IEnumerable<CelType> Types =>
        [Bool, Bytes, CelType.Double, Duration, Int, ListOfA, MapOfAB, Null, CelType.String, Timestamp, CelType.Type, Uint];

    public static void AddTo(FunctionTable table)
    {
        AddOperators(table);
        AddOrder(table, Operators.Less, "less", order => order < 0);
        AddOrder(table, Operators.LessEquals, "less_equals", order => order <= 0);
        AddOrder(table, Operators.Greater, "greater", order => order > 0);
        AddOrder(table, Operators.GreaterEquals, "greater_equals", order => order >= 0);
        AddCollections(table);
        AddConversions(table);
        AddText(table);
        TimeFunctions.AddTo(table);
    }

    private static void AddOperators(FunctionTable table)
    {
        table.Add(Operators.Conditional, "conditional", [Bool, A, A], A, null);
        table.Add(Operators.And, "logical_and", [Bool, Bool], Bool, null);
        table.Add(Operators.Or, "logical_or", [Bool, Bool], Bool, null);
        table.Add(Operators.Not, "logical_not", [Bool], Bool, (_, a) => CelValue.Of(!a[0].AsBool));
        table.Add(Operators.NotStrictlyFalse, "not_strictly_false", [Bool], Bool, null);
        table.Add(Operators.Equal, "equals", [A, A], Bool, null);
        table.Add(Operators.NotEqual, "not_equals", [A, A], Bool, null);
        table.Add(Operators.Index, "index_list", [ListOfA, Int], A, null);
        table.Add(Operators.Index, "index_map", [MapOfAB, A], B, null);
        table.Add(Operators.In, "in_list", [A, ListOfA], Bool, (_, a) => Access.In(a[0], a[1]));
        table.Add(Operators.In, "in_map", [A, MapOfAB], Bool, (_, a) => Access.In(a[0], a[1]));

        table.Add(Operators.Add, "add_bytes", [Bytes, Bytes], Bytes, (_, a) => CelValue.Of([.. a[0].AsBytes, .. a[1].AsBytes]));
        table.Add(Operators.Add, "add_double", [CelType.Double, CelType.Double], CelType.Double, (_, a) => CelValue.Of(a[0].AsDouble + a[1].AsDouble));
        table.Add(Operators.Add, "add_duration_duration", [Duration, Duration], Duration, (_, a) => Arithmetic.AddDurations(a[0], a[1]));
        table.Add(Operators.Add, "add_duration_timestamp", [Duration, Timestamp], Timestamp, (_, a) => Arithmetic.Shift(a[1], a[0].AsNanoseconds));
        table.Add(Operators.Add, "add_timestamp_duration", [Timestamp, Duration], Timestamp, (_, a) => Arithmetic.Shift(a[0], a[1].AsNanoseconds));
        table.Add(Operators.Add, "add_int64", [Int, Int], Int, (_, a) => Arithmetic.AddInts(a[0], a[1]));
        table.Add(Operators.Add, "add_list", [ListOfA, ListOfA], ListOfA, (_, a) => CelValue.Of(a[0].AsList.Concat(a[1].AsList)));
        table.Add(Operators.Add, "add_string", [CelType.String, CelType.String], CelType.String, (_, a) => CelValue.Of(a[0].AsString + a[1].AsString));
        table.Add(Operators.Add, "add_uint64", [Uint, Uint], Uint, (_, a) => Arithmetic.AddUints(a[0], a[1]));

        table.Add(Operators.Subtract, "subtract_double", [CelType.Double, CelType.Double], CelType.Double, (_, a) => CelValue.Of(a[0].AsDouble - a[1].AsDouble));
        table.Add(Operators.Subtract, "subtract_duration_duration", [Duration, Duration], Duration, (_, a) => Arithmetic.SubtractDurations(a[0], a[1]));
        table.Add(Operators.Subtract, "subtract_int64", [Int, Int], Int, (_, a) => Arithmetic.SubtractInts(a[0], a[1]));
        table.Add(Operators.Subtract, "subtract_timestamp_duration", [Timestamp, Duration], Timestamp, (_, a) => Arithmetic.ShiftBack(a[0], a[1].AsNanoseconds));
        table.Add(Operators.Subtract, "subtract_timestamp_timestamp", [Timestamp, Timestamp], Duration, (_, a) => Arithmetic.Between(a[0], a[1]));
        table.Add(Operators.Subtract, "subtract_uint64", [Uint, Uint], Uint, (_, a) => Arithmetic.SubtractUints(a[0], a[1]));

        table.Add(Operators.Multiply, "multiply_double", [CelType.Double, CelType.Double], CelType.Double, (_, a) => CelValue.Of(a[0].AsDouble * a[1].AsDouble));
        table.Add(Operators.Multiply, "multiply_int64", [Int, Int], Int, (_, a) => Arithmetic.MultiplyInts(a[0], a[1]));
        table.Add(Operators.Multiply, "multiply_uint64", [Uint, Uint], Uint, (_, a) => Arithmetic.MultiplyUints(a[0], a[1]));
        table.Add(Operators.Divide, "divide_double", [CelType.Double, CelType.Double], CelType.Double, (_, a) => CelValue.Of(a[0].AsDouble / a[1].AsDouble));
        table.Add(Operators.Divide, "divide_int64", [Int, Int], Int, (_, a) => Arithmetic.DivideInts(a[0], a[1]));
        table.Add(Operators.Divide, "divide_uint64", [Uint, Uint], Uint, (_, a) => Arithmetic.DivideUints(a[0], a[1]));
        table.Add(Operators.Modulo, "modulo_int64", [Int, Int], Int, (_, a) => Arithmetic.ModuloInts(a[0], a[1]));
        table.Add(Operators.Modulo, "modulo_uint64", [Uint, Uint], Uint, (_, a) => Arithmetic.ModuloUints(a[0], a[1]));
        table.Add(Operators.Negate, "negate_double", [CelType.Double], CelType.Double, (_, a) => CelValue.Of(-a[0].AsDouble));
        table.Add(Operators.Negate, "negate_int64", [Int], Int, (_, a) => Arithmetic.NegateInt(a[0]));
    }

    private static void AddOrder(FunctionTable table, string function, string id, Func<long, bool> holds)
    {
        CelInvoke compare = (_, a) =>
        {
            var order = CelEquality.Compare(a[0], a[1]);
            return order.IsError ? order : CelValue.Of(holds(order.AsInt));
        };
        (CelType Type, string Name)[] numbers = [(Int, "int64"), (Uint, "uint64"), (CelType.Double, "double")];
        table.Add(function, $"{id}_bool", [Bool, Bool], Bool, compare);
        foreach (var left in numbers)
        {
            foreach (var right in numbers)
            {
                var name = left == right ? $"{id}_{left.Name}" : $"{id}_{left.Name}_{right.Name}";
                table.Add(function, name, [left.Type, right.Type], Bool, compare);
            }
        }
        table.Add(function, $"{id}_string", [CelType.String, CelType.String], Bool, compare);
        table.Add(function, $"{id}_bytes", [Bytes, Bytes], Bool, compare);
        table.Add(function, $"{id}_timestamp", [Timestamp, Timestamp], Bool, compare);
        table.Add(function, $"{id}_duration", [Duration, Duration], Bool, compare);
    }

    private static void AddCollections(FunctionTable table)
    {
        (CelType Type, string Name)[] sized = [(Bytes, "bytes"), (ListOfA, "list"), (MapOfAB, "map"), (CelType.String, "string")];
        foreach (var (type, name) in sized)
        {
            table.Add("size", $"size_{name}", [type], Int, (_, a) => CelValue.Of((long)Costs.Size(a[0])));
            table.AddMember("size", $"{name}_size", [type], Int, (_, a) => CelValue.Of((long)Costs.Size(a[0])));
        }
    }

    private static void AddConversions(FunctionTable table)
    {
        table.Add("type", "type", [A], TypeOf(A), (_, a) => CelValue.Of(a[0].RuntimeType));
        table.Add("dyn", "to_dyn", [A], Dyn, (_, a) => a[0]);

        void Convert(string function, CelType result, Func<CelValue, CelValue> convert, params (CelType Type, string Id)[] from)
        {
            foreach (var (type, id) in from)
                table.Add(function, id, [type], result, (_, a) => convert(a[0]));
        }

        Convert("bool", Bool, v => Conversions.ToBool(v), (Bool, "bool_to_bool"), (CelType.String, "string_to_bool"));
        Convert("bytes", Bytes, v => Conversions.ToBytes(v), (Bytes, "bytes_to_bytes"), (CelType.String, "string_to_bytes"));
        Convert("double", CelType.Double, v => Conversions.ToDouble(v), (CelType.Double, "double_to_double"),
            (Int, "int64_to_double"), (CelType.String, "string_to_double"), (Uint, "uint64_to_double"));
        Convert("duration", Duration, v => Conversions.ToDuration(v), (Duration, "duration_to_duration"),
            (CelType.String, "string_to_duration"));
        Convert("int", Int, v => Conversions.ToInt(v), (Int, "int64_to_int64"), (CelType.Double, "double_to_int64"),
            (Duration, "duration_to_int64"), (CelType.String, "string_to_int64"), (Timestamp, "timestamp_to_int64"),
            (Uint, "uint64_to_int64"));
        Convert("string", CelType.String, v => Conversions.ToText(v), (CelType.String, "string_to_string"),
            (Bool, "bool_to_string"), (Bytes, "bytes_to_string"), (CelType.Double, "double_to_string"),
            (Duration, "duration_to_string"), (Int, "int64_to_string"), (Timestamp, "timestamp_to_string"),
            (Uint, "uint64_to_string"));
        Convert("timestamp", Timestamp, v => Conversions.ToTimestamp(v), (Timestamp, "timestamp_to_timestamp"),
            (Int, "int64_to_timestamp"), (CelType.String, "string_to_timestamp"));
        Convert("uint", Uint, v => Conversions.ToUint(v), (Uint, "uint64_to_uint64"), (CelType.Double, "double_to_uint64"),
            (Int, "int64_to_uint64"), (CelType.String, "string_to_uint64"));
    }

    private static void AddText(FunctionTable table)
    {
        table.AddMember("contains", "contains_string", [CelType.String, CelType.String], Bool,
            (_, a) => CelValue.Of(a[0].AsString.Contains(a[1].AsString, StringComparison.Ordinal)));
        table.AddMember("endsWith", "ends_with_string", [CelType.String, CelType.String], Bool,
            (_, a) => CelValue.Of(a[0].AsString.EndsWith(a[1].AsString, StringComparison.Ordinal)));
        table.AddMember("startsWith", "starts_with_string", [CelType.String, CelType.String], Bool,
            (_, a) => CelValue.Of(a[0].AsString.StartsWith(a[1].AsString, StringComparison.Ordinal)));
        table.Add("matches", "matches", [CelType.String, CelType.String], Bool, (_, a) => RegexLibrary.Matches(a[0], a[1]));
        table.AddMember("matches", "matches_string", [CelType.String, CelType.String], Bool,
            (_, a) => RegexLibrary.Matches(a[0], a[1]));
    }
}

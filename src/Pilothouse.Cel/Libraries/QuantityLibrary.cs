using Pilothouse.Objects;
using static Pilothouse.Cel.CelType;

namespace Pilothouse.Cel;

/// <summary>Kubernetes' quantities.</summary>
internal static class QuantityLibrary
{
    public static CelType Type { get; } = CelStructType.Of("kubernetes.Quantity");

    public static void AddTo(FunctionTable table)
    {
        table.Add("quantity", "string_to_quantity", [CelType.String], Type, (_, a) =>
            Quantity.TryParse(a[0].AsString, out var quantity) is { } error ? CelValue.Error(error) : Of(quantity));
        table.Add("isQuantity", "is_quantity_string", [CelType.String], Bool,
            (_, a) => CelValue.Of(Quantity.TryParse(a[0].AsString, out Quantity _) is null));
        table.Add("sign", "quantity_sign", [Type], Int, (_, a) => CelValue.Of((long)Get(a[0]).Sign));
        table.AddMember("isGreaterThan", "quantity_is_greater_than", [Type, Type], Bool, (_, a) => CelValue.Of(Get(a[0]) > Get(a[1])));
        table.AddMember("isLessThan", "quantity_is_less_than", [Type, Type], Bool, (_, a) => CelValue.Of(Get(a[0]) < Get(a[1])));
        table.AddMember("compareTo", "quantity_compare_to", [Type, Type], Int,
            (_, a) => CelValue.Of((long)Math.Sign(Get(a[0]).CompareTo(Get(a[1])))));
        table.AddMember("asApproximateFloat", "quantity_get_float", [Type], CelType.Double, (_, a) => CelValue.Of(Get(a[0]).ApproximateValue));
        table.AddMember("asInteger", "quantity_get_int", [Type], Int, (_, a) =>
            Get(a[0]).IsInteger ? CelValue.Of(Get(a[0]).Value) : CelValue.Error("cannot convert value to integer"));
        table.AddMember("isInteger", "quantity_is_integer", [Type], Bool, (_, a) => CelValue.Of(Get(a[0]).IsInteger));
        table.AddMember("add", "quantity_add", [Type, Type], Type, (_, a) => Of(Get(a[0]) + Get(a[1])));
        table.AddMember("add", "quantity_add_int", [Type, Int], Type,
            (_, a) => Of(Get(a[0]) + Quantity.Of(a[1].AsInt, QuantityFormat.DecimalExponent)));
        table.AddMember("sub", "quantity_sub", [Type, Type], Type, (_, a) => Of(Get(a[0]) - Get(a[1])));
        table.AddMember("sub", "quantity_sub_int", [Type, Int], Type,
            (_, a) => Of(Get(a[0]) - Quantity.Of(a[1].AsInt, QuantityFormat.DecimalExponent)));
    }

    private static CelValue Of(Quantity quantity) => CelValue.Of(new QuantityValue(quantity));

    private static Quantity Get(in CelValue value) => value.AsObjectOf<QuantityValue>()!.Quantity;

    private sealed class QuantityValue(Quantity quantity) : CelObject
    {
        public Quantity Quantity => quantity;

        public override CelType Type => QuantityLibrary.Type;

        public override bool EqualTo(CelObject other) => ((QuantityValue)other).Quantity == quantity;

        public override int Hash() => quantity.GetHashCode();

        public override string ToString() => quantity.ToString();
    }
}

using static Pilothouse.Cel.CelType;

namespace Pilothouse.Cel;

/// <summary>Lists taken as sets.</summary>
internal static class SetFunctions
{
    public static void AddTo(FunctionTable table)
    {
        var list = List(Parameter("T"));
        table.Add("sets.contains", "list_sets_contains_list", [list, list], Bool, (_, a) => CelValue.Of(Contains(a[0].AsList, a[1].AsList)));
        table.Add("sets.equivalent", "list_sets_equivalent_list", [list, list], Bool, (_, a) =>
            CelValue.Of(Contains(a[0].AsList, a[1].AsList) && Contains(a[1].AsList, a[0].AsList)));
        table.Add("sets.intersects", "list_sets_intersects_list", [list, list], Bool, (_, a) => CelValue.Of(Intersects(a[0].AsList, a[1].AsList)));
    }

    private static bool Contains(CelList list, CelList part)
    {
        foreach (var element in part)
        {
            if (!list.Contains(element))
                return false;
        }
        return true;
    }

    private static bool Intersects(CelList left, CelList right)
    {
        foreach (var element in left)
        {
            if (right.Contains(element))
                return true;
        }
        return false;
    }
}

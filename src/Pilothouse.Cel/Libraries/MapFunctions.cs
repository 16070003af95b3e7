using static Pilothouse.Cel.CelType;

namespace Pilothouse.Cel;

/// <summary>What <c>transformMap</c> and <c>transformMapEntry</c> grow their map with.</summary>
internal static class MapFunctions
{
    public static void AddTo(FunctionTable table)
    {
        var (key, value) = (Parameter("K"), Parameter("V"));
        var map = Map(key, value);
        table.Add("cel.@mapInsert", "@mapInsert_map_key_value", [map, key, value], map, (_, a) => Insert(a[0].AsMap, a[1], a[2]));
        table.Add("cel.@mapInsert", "@mapInsert_map_map", [map, map], map, (_, a) =>
        {
            var result = a[0];
            foreach (var added in a[1].AsMap.Keys)
            {
                a[1].AsMap.TryGet(added, out var inner);
                result = Insert(result.AsMap, added, inner);
                if (result.IsError)
                    return result;
            }
            return result;
        });
    }

    private static CelValue Insert(CelMap map, in CelValue key, in CelValue value)
    {
        if (map.TryGet(key, out _))
            return CelValue.Error($"insert failed: key {key} already exists");
        if (map is MapBuilder builder)
        {
            builder.Add(key, value);
            return CelValue.Of(map);
        }
        builder = new MapBuilder();
        foreach (var old in map.Keys)
        {
            map.TryGet(old, out var inner);
            builder.Add(old, inner);
        }
        builder.Add(key, value);
        return CelValue.Of(builder);
    }

    // Only the accumulator of a fold is one; see ListBuilder.
    private sealed class MapBuilder : CelMap
    {
        private readonly Dictionary<CelValue, CelValue> _values = [];

        public override int Count => _values.Count;

        public override IEnumerable<CelValue> Keys => _values.Keys;

        public void Add(in CelValue key, in CelValue value) => _values.Add(key, value);

        public override bool TryGet(in CelValue key, out CelValue value) => _values.TryGetValue(key, out value);
    }
}

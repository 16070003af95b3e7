namespace Pilothouse.Cel;

/// <summary>
/// The list that <c>map</c> and <c>filter</c> grow, one element a turn. Only the accumulator of a running comprehension
/// is one, so growing it in place is invisible; what leaves the comprehension is read only.
/// </summary>
internal sealed class ListBuilder : CelList
{
    private readonly List<CelValue> _values = [];

    public override int Count => _values.Count;

    public override CelValue this[int index] => _values[index];

    public void Add(in CelValue value) => _values.Add(value);
}

namespace Pilothouse.Catalog;

/// <summary>What the rules of a schema may cost together, and which of them most.</summary>
internal sealed class RuleCosts
{
    /// <summary>What all rules of a version may cost.</summary>
    public const ulong Most = 100_000_000;

    private const int Kept = 4;

    private readonly List<(FieldPath Path, ulong Cost)> _largest = [];

    public ulong Total { get; private set; }

    /// <summary>The few largest of those that count at all, the largest first.</summary>
    public IEnumerable<FieldPath> Largest => _largest.Select(l => l.Path);

    public void Add(FieldPath path, ulong cost)
    {
        Total = ulong.MaxValue - Total < cost ? ulong.MaxValue : Total + cost;
        if (cost < Most / 100)
            return;
        var at = _largest.FindIndex(l => l.Cost < cost);
        _largest.Insert(at < 0 ? _largest.Count : at, (path, cost));
        if (_largest.Count > Kept)
            _largest.RemoveAt(Kept);
    }
}

namespace Pilothouse.Cel;

/// <summary>Gathers what is wrong with one expression, up to a limit.</summary>
internal sealed class Issues(CelSource source)
{
    private const int Most = 100;

    private readonly List<CelIssue> _found = [];
    private int _count;

    public int Count => _count;

    public CelSource Source => source;

    public void Add(int offset, string message)
    {
        if (++_count > Most)
            return;
        var (line, column) = source.Locate(offset);
        _found.Add(new(line, column, message));
    }

    public IReadOnlyList<CelIssue> Sorted() => [.. _found.OrderBy(i => (i.Line, i.Column))];

    /// <summary>All messages as upstream prints them, one after the other.</summary>
    public string Format()
    {
        var texts = Sorted().Select(source.Format).ToList();
        if (_count > Most)
            texts.Add($"{_count - Most} more errors were truncated");
        return string.Join('\n', texts);
    }
}

using System.Text;

namespace Pilothouse.Cel;

/// <summary>The text of an expression by code points, because that is how positions in messages are counted.</summary>
internal sealed class CelSource
{
    // Longer lines are not shown with the message.
    private const int LongestSnippet = 16384;

    private readonly List<int> _lineStarts = [0];

    public CelSource(string text)
    {
        Text = text;
        var points = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            points.Add(rune.Value);
            if (rune.Value == '\n')
                _lineStarts.Add(points.Count);
        }
        Points = [.. points];
    }

    public string Text { get; }

    public int[] Points { get; }

    public string Slice(int start, int end)
    {
        var text = new StringBuilder(end - start);
        for (var i = start; i < Math.Min(end, Points.Length); i++)
            text.Append(new Rune(Points[i]).ToString());
        return text.ToString();
    }

    /// <summary>The line, counted from 1, and the column, counted from 0. Nowhere is line -1.</summary>
    public (int Line, int Column) Locate(int offset)
    {
        if (offset < 0)
            return (-1, -1);
        var line = _lineStarts.BinarySearch(offset);
        if (line < 0)
            line = ~line - 1;
        return (line + 1, offset - _lineStarts[line]);
    }

    /// <summary>A message as upstream prints it: where, what, the line, and a mark below it.</summary>
    public string Format(CelIssue issue)
    {
        var (line, column) = (issue.Line, issue.Column);
        var text = new StringBuilder($"ERROR: <input>:{line}:{column + 1}: {issue.Message}");
        if (line < 1)
            return text.ToString();
        var start = _lineStarts[line - 1];
        var end = line < _lineStarts.Count ? _lineStarts[line] - 1 : Points.Length;
        var snippet = Slice(start, end).Replace('\t', ' ');
        if (Encoding.UTF8.GetByteCount(snippet) > LongestSnippet)
            return text.ToString();
        text.Append("\n | ").Append(snippet).Append("\n | ");
        for (var i = 0; i < column && start + i < end; i++)
            text.Append(Points[start + i] > 0x7f ? '．' : '.');
        text.Append(start + column < end && Points[start + column] > 0x7f ? '＾' : '^');
        return text.ToString();
    }
}

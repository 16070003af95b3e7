using System.Text;

namespace Pilothouse.Catalog;

/// <summary>
/// What changed in something that may not change, as upstream's errors say it: the unified diff of its indented JSON, as
/// Python's difflib makes it (github.com/pmezard/go-difflib).
/// </summary>
internal static class FormDiff
{
    private const int Context = 3;

    // From so many lines on, those that come up all the time do not anchor a match.
    private const int Long = 200;

    /// <summary>
    /// How many pairs of equal lines are looked at. Texts are a client's: beyond that, only what they begin and end with alike counts
    /// as the same, and all between is shown as changed.
    /// </summary>
    private const int MostPairs = 4_000_000;

    private readonly record struct Block(int A, int B, int Size);

    private readonly record struct Edit(bool Same, int A, int AEnd, int B, int BEnd);

    /// <summary>The diff of two texts of JSON without white space; begins with <c>@@</c>.</summary>
    public static string Of(string before, string after)
    {
        var (a, b) = (Indented(before), Indented(after));
        var text = new StringBuilder();
        foreach (var hunk in Hunks(Edits(a, b)))
        {
            text.Append("@@ -").Append(Range(hunk[0].A, hunk[^1].AEnd)).Append(" +").Append(Range(hunk[0].B, hunk[^1].BEnd)).Append(" @@\n");
            foreach (var edit in hunk)
            {
                for (var i = edit.A; i < edit.AEnd; i++)
                    text.Append(edit.Same ? ' ' : '-').Append(a[i]).Append('\n');
                for (var i = edit.B; i < edit.BEnd && !edit.Same; i++)
                    text.Append('+').Append(b[i]).Append('\n');
            }
        }
        return text.ToString();
    }

    private static string Range(int start, int end) => (end - start) switch
    {
        1 => $"{start + 1}",
        0 => $"{start},0",
        var length => $"{start + 1},{length}",
    };

    private static List<string> Indented(string json)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        var depth = 0;
        for (var i = 0; i < json.Length; i++)
        {
            switch (json[i])
            {
                case '{' or '[' when json[i + 1] is not ('}' or ']'):
                    line.Append(json[i]);
                    Break(++depth);
                    break;
                case '}' or ']' when json[i - 1] is not ('{' or '['):
                    Break(--depth);
                    line.Append(json[i]);
                    break;
                case ',':
                    line.Append(',');
                    Break(depth);
                    break;
                case ':':
                    line.Append(": ");
                    break;
                case '"':
                    var end = EndOfText(json, i);
                    line.Append(json, i, end - i);
                    i = end - 1;
                    break;
                case var other:
                    line.Append(other);
                    break;
            }
        }
        lines.Add(line.ToString());
        return lines;

        void Break(int indent)
        {
            lines.Add(line.ToString());
            line.Clear().Append(' ', indent);
        }
    }

    private static int EndOfText(string json, int start)
    {
        var i = start + 1;
        while (json[i] != '"')
            i += json[i] == '\\' ? 2 : 1;
        return i + 1;
    }

    private static List<Edit> Edits(List<string> a, List<string> b)
    {
        var edits = new List<Edit>();
        var (i, j) = (0, 0);
        foreach (var block in Matches(a, b) ?? Ends(a, b))
        {
            if (i < block.A || j < block.B)
                edits.Add(new(false, i, block.A, j, block.B));
            (i, j) = (block.A + block.Size, block.B + block.Size);
            if (block.Size > 0)
                edits.Add(new(true, block.A, i, block.B, j));
        }
        return edits;
    }

    /// <summary>The lines with which both begin, and with which both end.</summary>
    private static List<Block> Ends(List<string> a, List<string> b)
    {
        var shorter = Math.Min(a.Count, b.Count);
        var start = 0;
        while (start < shorter && a[start] == b[start])
            start++;
        var end = 0;
        while (end < shorter - start && a[^(end + 1)] == b[^(end + 1)])
            end++;
        return [new(0, 0, start), new(a.Count - end, b.Count - end, end), new(a.Count, b.Count, 0)];
    }

    /// <summary>The blocks that are the same in both; null when finding them costs too much.</summary>
    private static List<Block>? Matches(List<string> a, List<string> b)
    {
        var places = new Dictionary<string, List<int>>();
        for (var i = 0; i < b.Count; i++)
        {
            if (!places.TryGetValue(b[i], out var list))
                places[b[i]] = list = [];
            list.Add(i);
        }
        if (b.Count >= Long)
        {
            foreach (var popular in places.Where(p => p.Value.Count > (b.Count / 100) + 1).Select(p => p.Key).ToList())
                places.Remove(popular);
        }
        var found = new List<Block>();
        var open = new Stack<(int ALow, int AHigh, int BLow, int BHigh)>([(0, a.Count, 0, b.Count)]);
        var pairs = MostPairs;
        while (open.TryPop(out var part))
        {
            var match = Longest(a, b, places, part.ALow, part.AHigh, part.BLow, part.BHigh, ref pairs);
            if (pairs < 0)
                return null;
            if (match.Size == 0)
                continue;
            found.Add(match);
            open.Push((part.ALow, match.A, part.BLow, match.B));
            open.Push((match.A + match.Size, part.AHigh, match.B + match.Size, part.BHigh));
        }
        found.Sort((x, y) => x.A.CompareTo(y.A));
        var joined = new List<Block>();
        foreach (var block in found)
        {
            if (joined.Count > 0 && joined[^1] is var last && last.A + last.Size == block.A && last.B + last.Size == block.B)
                joined[^1] = last with { Size = last.Size + block.Size };
            else
                joined.Add(block);
        }
        joined.Add(new(a.Count, b.Count, 0));
        return joined;
    }

    private static Block Longest(List<string> a, List<string> b, Dictionary<string, List<int>> places, int aLow, int aHigh, int bLow, int bHigh, ref int pairs)
    {
        var best = new Block(aLow, bLow, 0);
        var lengths = new Dictionary<int, int>();
        for (var i = aLow; i < aHigh && pairs-- >= 0; i++)
        {
            var next = new Dictionary<int, int>();
            foreach (var j in places.GetValueOrDefault(a[i]) ?? [])
            {
                if (pairs-- < 0)
                    break;
                if (j < bLow || j >= bHigh)
                    continue;
                var size = next[j] = lengths.GetValueOrDefault(j - 1) + 1;
                if (size > best.Size)
                    best = new(i - size + 1, j - size + 1, size);
            }
            lengths = next;
        }
        while (best.A > aLow && best.B > bLow && a[best.A - 1] == b[best.B - 1])
            best = new(best.A - 1, best.B - 1, best.Size + 1);
        while (best.A + best.Size < aHigh && best.B + best.Size < bHigh && a[best.A + best.Size] == b[best.B + best.Size])
            best = best with { Size = best.Size + 1 };
        return best;
    }

    private static List<List<Edit>> Hunks(List<Edit> edits)
    {
        var hunks = new List<List<Edit>>();
        var hunk = new List<Edit>();
        for (var i = 0; i < edits.Count; i++)
        {
            var edit = edits[i];
            if (edit.Same && i == 0)
                edit = edit with { A = Math.Max(edit.A, edit.AEnd - Context), B = Math.Max(edit.B, edit.BEnd - Context) };
            if (edit.Same && i == edits.Count - 1)
                edit = edit with { AEnd = Math.Min(edit.AEnd, edit.A + Context), BEnd = Math.Min(edit.BEnd, edit.B + Context) };
            if (edit.Same && edit.AEnd - edit.A > 2 * Context)
            {
                hunk.Add(edit with { AEnd = edit.A + Context, BEnd = edit.B + Context });
                hunks.Add(hunk);
                hunk = [];
                edit = edit with { A = edit.AEnd - Context, B = edit.BEnd - Context };
            }
            hunk.Add(edit);
        }
        if (hunk.Any(e => !e.Same))
            hunks.Add(hunk);
        return hunks;
    }
}

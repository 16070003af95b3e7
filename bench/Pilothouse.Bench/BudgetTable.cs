namespace Pilothouse.Bench;

/// <summary>The budgets and what was measured, a row each; printed as Markdown.</summary>
internal sealed class BudgetTable
{
    private readonly List<Row> _rows = [];

    public bool AllKept => _rows.TrueForAll(r => r.Kept);

    /// <summary>Adds a row, and prints it at once, because a long run may be cut.</summary>
    public void Add(string work, string measured, string limit, string budget, bool kept)
    {
        _rows.Add(new(work, measured, limit, budget, kept));
        Console.Error.WriteLine($"{work}: {measured}; limit {limit}; budget {budget}: {(kept ? "kept" : "MISSED")}");
    }

    public void Print(TextWriter output)
    {
        output.WriteLine("| work | measured | limit in the same run | budget | |");
        output.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (var row in _rows)
            output.WriteLine($"| {row.Work} | {row.Measured} | {row.Limit} | {row.Budget} | {(row.Kept ? "kept" : "**missed**")} |");
    }

    private sealed record Row(string Work, string Measured, string Limit, string Budget, bool Kept);
}

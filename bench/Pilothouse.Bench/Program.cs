using Pilothouse.Bench;

// bench --server PATH --bare PATH [--only get,list,create,apply,fanout,memory,start] [--full]
var settings = BenchSettings.Parse(args);
var table = new BudgetTable();
foreach (var (name, run) in new (string, Func<BenchSettings, BudgetTable, Task>)[]
{
    ("start", StartBudget.RunAsync),
    ("get", GetBudget.RunAsync),
    ("list", ListBudget.RunAsync),
    ("create", CreateBudget.RunAsync),
    ("apply", ApplyBudget.RunAsync),
    ("fanout", FanOutBudget.RunAsync),
    ("memory", MemoryBudget.RunAsync),
})
{
    if (settings.Wants(name))
        await run(settings, table);
}
table.Print(Console.Out);
return table.AllKept ? 0 : 1;

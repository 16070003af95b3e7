using Pilothouse.Bench.Admission;

// bench-admission [iterations]
var iterations = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 20_000;
await using var bench = await AdmissionBench.StartAsync();
Console.Out.WriteLine("| plugin | ConfigMap: time | bytes | pod: time | bytes |");
Console.Out.WriteLine("| --- | --- | --- | --- | --- |");
foreach (var plugin in bench.Plugins)
    Console.Out.WriteLine($"| {plugin} | {await bench.MeasureAsync([plugin], "configmaps", iterations)} | {await bench.MeasureAsync([plugin], "pods", iterations)} |");
Console.Out.WriteLine(
    $"| **all of them** | {await bench.MeasureAsync(bench.Plugins, "configmaps", iterations)} | {await bench.MeasureAsync(bench.Plugins, "pods", iterations)} |");

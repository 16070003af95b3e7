using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Pilothouse.Catalog;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.Authorization.Rbac;
using Pilothouse.Server.Watching;
using Pilothouse.Storage;
using Pilothouse.Storage.Memory;

// bench-authorization [BINDINGS]
// Microseconds and bytes per decision with many bindings, in one process, on one thread. The budget is about a microsecond.
var count = int.Parse(args.ElementAtOrDefault(0) ?? "10000", CultureInfo.InvariantCulture);
var catalog = BuiltInCatalog.Load();
await using var store = new MemoryStore(TimeProvider.System);
const string Meta = "\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"metadata\":";
const string Group = "rbac.authorization.k8s.io";

// A thousand roles of ten rules; bindings in the cluster and in a thousand namespaces; one user with a role of its own per binding.
for (var i = 0; i < 1000; i++)
    await PutAsync($"/clusterroles/role-{i}", Role($"role-{i}", string.Join(',', Enumerable.Range(0, 10).Select(r => Rule($"things-{i}-{r}", "get")))));
for (var i = 0; i < count; i++)
{
    await PutAsync($"/clusterrolebindings/cluster-{i}", Binding("ClusterRoleBinding", "", $"cluster-{i}", $"user-{i}", $"role-{i % 1000}"));
    await PutAsync($"/rolebindings/ns-{i % 1000}/local-{i}", Binding("RoleBinding", $"ns-{i % 1000}", $"local-{i}", $"user-{i}", $"role-{(i + 1) % 1000}"));
    await PutAsync($"/clusterroles/own-{i}", Role($"own-{i}", Rule($"own-{i}", "get")));
    await PutAsync($"/clusterrolebindings/own-{i}", Binding("ClusterRoleBinding", "", $"own-{i}", "everybody", $"own-{i}"));
}

var caches = new ObjectCaches(store, catalog.Stored, new(), TimeProvider.System, NullLogger<ObjectCaches>.Instance);
using var stop = new CancellationTokenSource();
var running = Task.Run(() => caches.RunAsync(stop.Token));
await caches.WaitForLatestAsync(CancellationToken.None);
var authorizer = new RbacAuthorizer(new RbacPolicy(caches), new Freshness(caches, TimeProvider.System));
string[] groups = ["dev", "qa", "system:authenticated"];

var started = Stopwatch.GetTimestamp();
_ = await authorizer.AuthorizeAsync(Question("user-7", "things-7-9", ""), CancellationToken.None);
Console.WriteLine($"{3 * count} bindings and {1000 + count} roles were compiled in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F0} ms");
Console.WriteLine();
Console.WriteLine("| decision | us | bytes |");
Console.WriteLine("| --- | --- | --- |");
Measure("a cluster role binding allows it", Question("user-7", "things-7-9", ""), true);
Measure("a role binding in its namespace allows it", Question("user-7", "things-8-9", "ns-7"), true);
Measure("one of a user's 10,000 roles allows it", Question("everybody", $"own-{count / 2}", ""), true);
Measure("nothing allows it", Question("user-7", "secrets", "ns-7"), false);
Measure("nobody knows the user", Question("nobody", "secrets", "ns-7"), false);

// A right that was given a moment ago: the write, the caches, the compilation and the decision.
var total = TimeSpan.Zero;
const int Rounds = 200;
for (var i = 0; i < Rounds; i++)
{
    await PutAsync($"/clusterrolebindings/new-{i}", Binding("ClusterRoleBinding", "", $"new-{i}", $"new-{i}", "role-0"));
    await caches.WaitForLatestAsync(CancellationToken.None);
    var begun = Stopwatch.GetTimestamp();
    if (!(await authorizer.AuthorizeAsync(Question($"new-{i}", "things-0-0", ""), CancellationToken.None)).IsAllowed)
        throw new InvalidOperationException("a right that was given was refused");
    total += Stopwatch.GetElapsedTime(begun);
}
Console.WriteLine($"| the first after a change of a binding | {total.TotalMicroseconds / Rounds:F1} | |");
await stop.CancelAsync();
await running;

AuthorizationAttributes Question(string user, string resource, string ns) => new()
{
    User = new(user, "", groups),
    Verb = "get",
    IsResourceRequest = true,
    Group = "example.com",
    Resource = resource,
    Namespace = ns,
    Name = "x",
};

void Measure(string what, AuthorizationAttributes question, bool allowed)
{
    const int Calls = 200_000;
    var best = double.MaxValue;
    var bytes = 0L;
    for (var round = 0; round < 5; round++)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < Calls; i++)
        {
            var decision = authorizer.AuthorizeAsync(question, CancellationToken.None);
            if (!decision.IsCompletedSuccessfully || decision.Result.IsAllowed != allowed)
                throw new InvalidOperationException(what);
        }
        best = Math.Min(best, Stopwatch.GetElapsedTime(begun).TotalMicroseconds / Calls);
        bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
    }
    Console.WriteLine($"| {what} | {best:F2} | {bytes} |");
}

async Task PutAsync(string key, string json)
{
    var written = await store.WriteAsync(StoreWrite.Create(key, Encoding.UTF8.GetBytes(json)), CancellationToken.None);
    if (!written.Succeeded)
        throw new InvalidOperationException(key);
}

static string Role(string name, string rules) => $$"""{"kind":"ClusterRole",{{Meta}}{"name":"{{name}}"},"rules":[{{rules}}]}""";

static string Rule(string resource, string verb) => $$"""{"verbs":["{{verb}}"],"apiGroups":["example.com"],"resources":["{{resource}}"]}""";

static string Binding(string kind, string ns, string name, string user, string role) =>
    $$$"""{"kind":"{{{kind}}}",{{{Meta}}}{"name":"{{{name}}}"{{{(ns.Length == 0 ? "" : $",\"namespace\":\"{ns}\"")}}}},"subjects":[{"kind":"User","apiGroup":"{{{Group}}}","name":"{{{user}}}"}],"roleRef":{"apiGroup":"{{{Group}}}","kind":"ClusterRole","name":"{{{role}}}"}}""";

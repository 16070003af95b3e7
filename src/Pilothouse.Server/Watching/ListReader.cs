using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Storage;

namespace Pilothouse.Server.Watching;

/// <summary>
/// Finds what a list is to show, by upstream's rules for resourceVersion, resourceVersionMatch, limit and continue: from the
/// cache, from a past snapshot of it, or from the store's history.
/// </summary>
public sealed class ListReader(ObjectCaches caches, IStore store)
{
    /// <summary>How many keys are read at once from the store when a selector may drop most of them.</summary>
    private const int StorePage = 500;

    /// <param name="resource">The collection.</param>
    /// <param name="namespace">The namespace of the path; empty for all.</param>
    /// <param name="filter">What is wanted of it.</param>
    /// <param name="options">Which state, and which page.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async ValueTask<Outcome<ObjectList>> ReadAsync(
        StoredResource resource, string @namespace, ObjectFilter filter, ListOptions options, CancellationToken cancellationToken)
    {
        resource = resource.Collection;
        var prefix = resource.Prefix(@namespace);
        var cache = caches.For(resource);

        if (caches.WhyUnreadableUnder(prefix) is { } unreadable)
            return Status.InternalError(unreadable);

        // 1. Which state, and from which key on.
        var start = prefix;
        Revision exact = default;
        if (options.Continue.Length > 0 && filter.ExactKey is null)
        {
            if (!ContinueToken.Decode(options.Continue).TryGet(out var token, out var failure))
                return failure;
            if (options.ResourceVersion is not ("" or "0"))
                return Status.BadRequest("specifying resource version is not allowed when using continue");
            start = prefix + token.Start;
            if (token.Revision > 0)
                exact = new(token.Revision);
            else if (await caches.WaitForLatestBrieflyAsync(cancellationToken) is { } stale)
                return stale;
        }
        else if (options.ResourceVersion.Length == 0)
        {
            if (await caches.WaitForLatestBrieflyAsync(cancellationToken) is { } stale)
                return stale;
        }
        else
        {
            if (!ResourceVersions.Parse(options.ResourceVersion).TryGet(out var revision, out var failure))
                return Status.BadRequest($"invalid resource version: {failure.Message}");
            if (options.ResourceVersionMatch == "Exact" || (options is { ResourceVersionMatch: "", Limit: > 0 } && !revision.IsNone))
                exact = revision;
            else if (await caches.WaitBrieflyAsync(revision.IsNone ? revision.Next : revision, cancellationToken) is { } stale)
                return stale;
        }

        // 2. The snapshot.
        var limit = options.ResourceVersion == "0" && options.Continue.Length == 0 ? 0 : Math.Max(0, options.Limit);
        if (exact.IsNone)
        {
            // Read in this order: the state holds at least what the revision says.
            var reached = caches.Revision;
            var (tree, changed) = cache.Current;
            var revision = changed > reached ? changed : reached;
            return Page(cache, tree, revision, prefix, start, filter, limit);
        }
        if (await caches.WaitBrieflyAsync(exact, cancellationToken) is { } future)
            return future;
        return cache.TrySnapshotAt(exact, out var past)
            ? Page(cache, past, exact, prefix, start, filter, limit)
            : await FromStoreAsync(resource, exact, prefix, start, filter, limit, options.Continue.Length > 0, cancellationToken);
    }

    private static ObjectList Page(
        ResourceCache cache, ObjectTree tree, Revision revision, string prefix, string start, ObjectFilter filter, long limit)
    {
        if (filter.ExactKey is { } key)
        {
            var found = tree.TryFind(key, out var one) && filter.Matches(one);
            return new(new(revision), default, found ? [one!] : []);
        }
        var range = tree.Range(start, ObjectTree.EndOf(prefix));
        if (!filter.HasSelectors && filter.Name.Length == 0)
        {
            if (limit == 0 || range.Count <= limit)
                return new(new(revision), range);
            var page = range.Take((int)limit);
            var last = page.Skip((int)limit - 1).First();
            cache.Keep(revision, tree);
            return new(new(revision, After(last, prefix, revision), range.Count - limit), page);
        }

        var chosen = new List<CachedObject>();
        var seen = 0;
        foreach (var obj in range)
        {
            seen++;
            if (!filter.Matches(obj))
                continue;
            chosen.Add(obj);
            if (chosen.Count == limit)
                break;
        }
        if (limit == 0 || chosen.Count < limit || seen == range.Count)
            return new(new(revision), default, chosen);
        cache.Keep(revision, tree);
        return new(new(revision, After(chosen[^1], prefix, revision)), default, chosen);
    }

    /// <summary>The same from the store's own history: for a revision that was before this server's time.</summary>
    private async ValueTask<Outcome<ObjectList>> FromStoreAsync(
        StoredResource resource, Revision revision, string prefix, string start, ObjectFilter filter, long limit, bool continues,
        CancellationToken cancellationToken)
    {
        var chosen = new List<CachedObject>();
        var from = start;
        try
        {
            while (true)
            {
                var wanted = filter.HasSelectors || limit == 0 ? StorePage : (int)Math.Min(StorePage, limit - chosen.Count);
                var page = await store.RangeAsync(new(from, ObjectTree.EndOf(prefix), wanted, revision), cancellationToken);
                for (var i = 0; i < page.Entries.Count; i++)
                {
                    var entry = page.Entries[i];
                    var obj = CachedObjectReader.Read(resource, entry.Key, entry.Value, entry.Modified);
                    if (!filter.Matches(obj))
                        continue;
                    chosen.Add(obj);
                    if (chosen.Count != limit)
                        continue;
                    var behind = page.Count - i - 1;
                    return behind == 0
                        ? new ObjectList(new(revision), default, chosen)
                        : new ObjectList(new(revision, After(obj, prefix, revision), filter.HasSelectors ? null : behind), default, chosen);
                }
                if (!page.More || page.Entries.Count == 0)
                    return new ObjectList(new(revision), default, chosen);
                from = page.Entries[^1].Key + "\0";
            }
        }
        catch (RevisionCompactedException)
        {
            return continues
                ? Status.Gone(ListFailures.InconsistentContinue) with { Continue = new ContinueToken(-1, start[prefix.Length..]).Encode() }
                : Status.Gone(ListFailures.ListExpired);
        }
        catch (RevisionInFutureException e)
        {
            return ListFailures.TooLargeResourceVersion(e.Requested, e.Current);
        }
    }

    private static string After(CachedObject last, string prefix, Revision revision) =>
        new ContinueToken(revision.Value, last.Key[prefix.Length..] + "\0").Encode();
}

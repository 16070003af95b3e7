using System.Text.Json;
using Pilothouse.Objects;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Authentication.ServiceAccounts;

/// <summary>
/// The objects that tokens are bound to, as they are now. What the caches do not have, or have under another uid, is asked of
/// the store: a token may be shown the moment after its objects were made.
/// </summary>
internal sealed class LiveObjects(ObjectCaches caches)
{
    public static GroupResource ServiceAccounts { get; } = new("", "serviceaccounts");

    public static GroupResource Secrets { get; } = new("", "secrets");

    public static GroupResource Pods { get; } = new("", "pods");

    public static GroupResource Nodes { get; } = new("", "nodes");

    /// <summary>The object as the caches have it; null for none.</summary>
    public LiveObject? Glance(GroupResource resource, string @namespace, string name) =>
        caches.TryGet(resource, out var cache) && name.Length > 0 && cache.Find(@namespace, name) is { } found
            ? new(cache, found, Read(found))
            : null;

    /// <summary>The object with this uid; if there is none, the one that has the name instead, or null.</summary>
    public async ValueTask<LiveObject?> FindAsync(
        GroupResource resource, string @namespace, string name, string uid, CancellationToken cancellationToken)
    {
        if (Glance(resource, @namespace, name) is { } found && (uid.Length == 0 || found.Uid == uid))
            return found;
        await WaitAsync(cancellationToken);
        return Glance(resource, @namespace, name);
    }

    /// <summary>Until the caches show what the store has now. A store that cannot say so leaves what is there.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken) => await caches.WaitForLatestBrieflyAsync(cancellationToken);

    private static (string Uid, GoTime? Deleted) Read(CachedObject obj)
    {
        var uid = "";
        GoTime? deleted = null;
        var reader = new Utf8JsonReader(obj.Json.Span[obj.Metadata], JsonNodes.DeepReader);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("uid"u8))
            {
                reader.Read();
                uid = reader.GetString() ?? "";
            }
            else if (reader.ValueTextEquals("deletionTimestamp"u8))
            {
                reader.Read();
                if (GoTime.TryParse(reader.GetString() ?? "", out var time) is null)
                    deleted = time;
            }
            else
            {
                reader.Skip();
            }
        }
        return (uid, deleted);
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Webhooks;

/// <summary>
/// A kubeconfig file as the server itself reads it, to call others: clusters, users and contexts. What needs another program
/// (<c>exec</c>, <c>auth-provider</c>) is refused, and so are proxies.
/// </summary>
public sealed class Kubeconfig
{
    private readonly JsonObject _root;
    private readonly string _directory;
    private readonly TimeProvider _time;

    private Kubeconfig(JsonObject root, string directory, TimeProvider time) => (_root, _directory, _time) = (root, directory, time);

    /// <summary>Reads a file. Paths in it are relative to where it is.</summary>
    /// <returns>The file, or what is wrong with it.</returns>
    public static Outcome<Kubeconfig> Load(string path, TimeProvider time)
    {
        try
        {
            return Parse(File.ReadAllBytes(path), Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/", time);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Status.BadRequest($"cannot read {path}: {fault.Message}");
        }
    }

    /// <summary>Reads YAML or JSON.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="directory">What paths in it are relative to.</param>
    /// <param name="time">Tells when a token file is due to be read again.</param>
    public static Outcome<Kubeconfig> Parse(ReadOnlySpan<byte> yaml, string directory, TimeProvider time)
    {
        if (!Yaml.ToJson(yaml).TryGet(out var json, out var failure))
            return failure;
        return JsonNode.Parse(json) is JsonObject root ? new Kubeconfig(root, directory, time) : Status.BadRequest("it is no kubeconfig");
    }

    /// <summary>The cluster and user of the current context, as something to call.</summary>
    public Outcome<WebhookTarget> CurrentTarget()
    {
        var name = _root.Text("current-context") ?? "";
        if (name.Length == 0)
            return Status.BadRequest("it names no current-context");
        if (Named("contexts", name, "context") is not { } context)
            return Status.BadRequest($"context {GoText.Quote(name)} does not exist");
        var clusterName = context.Text("cluster") ?? "";
        if (Named("clusters", clusterName, "cluster") is not { } cluster)
            return Status.BadRequest($"cluster {GoText.Quote(clusterName)} does not exist");
        var userName = context.Text("user") ?? "";
        var user = userName.Length == 0 ? [] : Named("users", userName, "user");
        return user is null ? Status.BadRequest($"auth info {GoText.Quote(userName)} does not exist") : Target(cluster, user);
    }

    /// <summary>
    /// The user for a webhook of this host and port, as upstream finds it among the users' names: exactly, then with stars for
    /// leading parts, the same without a port of 443, then "*", then the current context's. Null for nobody.
    /// </summary>
    /// <param name="hostAndPort"><c>name.namespace.svc:443</c></param>
    /// <param name="target">To which the user is added.</param>
    public Outcome<WebhookTarget> WithUserFor(string hostAndPort, WebhookTarget target)
    {
        if (UserFor(hostAndPort) is not { } user)
            return target;
        if (!ReadUser(user).TryGet(out var credentials, out var failure))
            return failure;
        return new WebhookTarget
        {
            Address = target.Address,
            Url = target.Url,
            Authorities = target.Authorities,
            ServerName = target.ServerName,
            SkipsVerification = target.SkipsVerification,
            Resolve = target.Resolve,
            ClientCertificate = credentials.Certificate,
            Authorization = credentials.Authorization,
        };
    }

    private JsonObject? UserFor(string target)
    {
        if (Matching(target) is { } found)
            return found;
        if (target.EndsWith(":443", StringComparison.Ordinal) && Matching(target[..^4]) is { } withoutPort)
            return withoutPort;
        if (Named("users", "*", "user") is { } anybody)
            return anybody;
        return Named("contexts", _root.Text("current-context") ?? "", "context")?.Text("user") is { Length: > 0 } name
            ? Named("users", name, "user")
            : null;
    }

    private JsonObject? Matching(string target)
    {
        if (Named("users", target, "user") is { } exact)
            return exact;
        var parts = target.Split('.');
        for (var i = 1; i < parts.Length; i++)
        {
            if (Named("users", "*." + string.Join('.', parts[i..]), "user") is { } starred)
                return starred;
        }
        return null;
    }

    private JsonObject? Named(string list, string name, string member) => name.Length == 0
        ? null
        : _root.Objects(list).FirstOrDefault(e => e.Text("name") == name) is { } entry ? entry.Object(member) ?? [] : null;

    private Outcome<WebhookTarget> Target(JsonObject cluster, JsonObject user)
    {
        var server = cluster.Text("server") ?? "";
        if (server.Length == 0)
            return Status.BadRequest("the cluster names no server");
        if (cluster.Text("proxy-url") is { Length: > 0 })
            return Status.BadRequest("proxy-url is not supported");
        var skips = cluster.Flag("insecure-skip-tls-verify") == true;
        if (!Data(cluster, "certificate-authority").TryGet(out var pem, out var failure)
            || !WebhookTarget.FromUrl(server, pem).TryGet(out var bare, out failure)
            || !ReadUser(user).TryGet(out var credentials, out failure))
        {
            return failure;
        }
        if (skips && pem.Length > 0)
            return Status.BadRequest("specifying a root certificates file with the insecure flag is not allowed");
        return new WebhookTarget
        {
            Address = bare.Address,
            Url = bare.Url,
            Authorities = bare.Authorities,
            ServerName = cluster.Text("tls-server-name") ?? "",
            SkipsVerification = skips,
            ClientCertificate = credentials.Certificate,
            Authorization = credentials.Authorization,
        };
    }

    private Outcome<(X509Certificate2? Certificate, Func<string?> Authorization)> ReadUser(JsonObject user)
    {
        foreach (var unsupported in (string[])["exec", "auth-provider"])
        {
            if (user.Object(unsupported) is not null)
                return Status.BadRequest($"users with {unsupported} are not supported");
        }
        if (!Data(user, "client-certificate").TryGet(out var certificate, out var failure)
            || !Data(user, "client-key").TryGet(out var key, out failure))
        {
            return failure;
        }
        if (certificate.Length > 0 != key.Length > 0)
            return Status.BadRequest("client-certificate and client-key must be given together");
        X509Certificate2? own = null;
        if (certificate.Length > 0)
        {
            try
            {
                own = X509Certificate2.CreateFromPem(Encoding.UTF8.GetString(certificate), Encoding.UTF8.GetString(key));
            }
            catch (Exception fault) when (fault is CryptographicException or ArgumentException)
            {
                return Status.BadRequest($"the client certificate and its key cannot be used: {fault.Message}");
            }
        }
        return (own, Authorization(user));
    }

    private Func<string?> Authorization(JsonObject user)
    {
        if (user.Text("tokenFile") is { Length: > 0 } file)
            return new TokenFileReader(Path.Combine(_directory, file), user.Text("token") ?? "", _time).Header;
        var header = user.Text("token") is { Length: > 0 } token ? "Bearer " + token
            : user.Text("username") is { Length: > 0 } name
                ? "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{user.Text("password")}"))
            : null;
        return () => header;
    }

    /// <summary>What a file or base64 data beside it holds; data goes first. Empty for neither.</summary>
    private Outcome<byte[]> Data(JsonObject owner, string member)
    {
        if (owner.Text(member + "-data") is { Length: > 0 } data)
        {
            var bytes = new byte[data.Length];
            return Convert.TryFromBase64String(data, bytes, out var length)
                ? bytes[..length]
                : Status.BadRequest($"{member}-data is not base64");
        }
        if (owner.Text(member) is not { Length: > 0 } file)
            return Array.Empty<byte>();
        var path = Path.Combine(_directory, file);
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Status.BadRequest($"unable to read {member} {path}: {fault.Message}");
        }
    }

    /// <summary>A token that somebody else keeps in a file and replaces. Read again once a minute.</summary>
    private sealed class TokenFileReader(string path, string fallback, TimeProvider time)
    {
        private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

        private volatile Reading _last = new(null, DateTimeOffset.MinValue);

        public string? Header()
        {
            var now = time.GetUtcNow();
            var last = _last;
            if (now - last.At < s_interval)
                return last.Header;
            // Racing callers read it twice at worst.
            return (_last = new(Read() ?? last.Header, now)).Header;
        }

        private string? Read()
        {
            try
            {
                var token = File.ReadAllText(path).Trim();
                return token.Length == 0 ? null : "Bearer " + token;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // The webhook refuses what comes without a token, and its refusal is what operators see.
                return fallback.Length == 0 ? null : "Bearer " + fallback;
            }
        }

        private sealed record Reading(string? Header, DateTimeOffset At);
    }
}

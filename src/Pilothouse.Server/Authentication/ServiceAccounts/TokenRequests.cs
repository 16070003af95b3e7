using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Server.Registry;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Authentication.ServiceAccounts;

/// <summary><c>serviceaccounts/token</c>: makes tokens for service accounts (KEP-1205).</summary>
public sealed class TokenRequests(
    ServiceAccountKeys keys, ServiceAccountOptions options, ObjectCaches caches, TimeProvider time) : IVirtualResource
{
    private const long MinSeconds = 10 * 60;
    private const long MaxSeconds = 1L << 32;

    /// <summary>What admission asks for in pods: an odd number, so that it is known again.</summary>
    private const long ProjectedSeconds = 60 * 60 + 7;

    private const long ExtendedSeconds = 365L * 24 * 60 * 60;

    private static readonly GroupKind s_kind = new("authentication.k8s.io", "TokenRequest");

    private readonly LiveObjects _objects = new(caches);
    private readonly ServiceAccountTokens _tokens = new(keys, options.Issuers[0]);

    public GroupVersionResource Resource { get; } = new("", "v1", "serviceaccounts");

    public string Subresource => "token";

    public async ValueTask<Outcome<JsonObject>> CreateAsync(VirtualRequest request, CancellationToken cancellationToken)
    {
        // 1. The account that the path names.
        var asked = ObjectMetadata.Of(request.Object);
        if (asked.Name.Length > 0 && asked.Name != request.Name)
        {
            return Status.Invalid(s_kind, request.Name,
                [FieldError.Invalid("metadata.name", asked.Name, "must match the service account name if specified")]);
        }
        await _objects.WaitAsync(cancellationToken);
        if (_objects.Glance(LiveObjects.ServiceAccounts, request.Namespace, request.Name) is not { } account)
            return Status.NotFound(LiveObjects.ServiceAccounts, request.Name);
        if (asked.Uid.Length > 0 && asked.Uid != account.Uid)
        {
            return Status.Conflict(new(s_kind.Group, s_kind.Kind), request.Name,
                $"the UID in the token request ({asked.Uid}) does not match the UID of the service account ({account.Uid})");
        }

        // 2. What is asked for.
        var spec = request.Object.ObjectOrNew("spec");
        var audiences = spec.List("audiences") is { Count: > 0 } given ? [.. given.Select(a => a.AsText() ?? "")] : options.Audiences;
        var seconds = spec.Integer("expirationSeconds") ?? 0;
        if (Validate(seconds) is { Count: > 0 } errors)
            return Status.Invalid(s_kind, "", errors);
        if (!Bind(spec.Object("boundObjectRef"), request).TryGet(out var bound, out var failure))
            return failure;
        if (options.MaxExpiration > TimeSpan.Zero && seconds > (long)options.MaxExpiration.TotalSeconds)
        {
            var most = (long)options.MaxExpiration.TotalSeconds;
            request.Api.Warnings.Add($"requested expiration of {seconds} seconds shortened to {most} seconds");
            seconds = most;
        }

        // 3. The token. One for a pod that was not told how long tokens live now lives on, and its late use is noted.
        var isExtended = options.ExtendsExpiration && bound.Pod is not null && seconds == ProjectedSeconds && audiences.All(options.Audiences.Contains);
        var now = time.GetUtcNow();
        var token = _tokens.Make(new()
        {
            Id = Guid.NewGuid().ToString(),
            Namespace = request.Namespace,
            Account = new(account.Name, account.Uid),
            Pod = bound.Pod,
            Secret = bound.Secret,
            Node = bound.Node,
            Audiences = audiences,
            Issued = now,
            LifeSeconds = isExtended ? ExtendedSeconds : seconds,
            WarnAfterSeconds = isExtended ? seconds : null,
        });
        return Answer(request, account, spec, audiences, seconds, token, now);
    }

    private static List<FieldError> Validate(long seconds)
    {
        List<FieldError> errors = [];
        if (seconds < MinSeconds)
            errors.Add(FieldError.Invalid("spec.expirationSeconds", seconds, "may not specify a duration less than 10 minutes"));
        if (seconds > MaxSeconds)
            errors.Add(FieldError.Invalid("spec.expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds"));
        return errors;
    }

    private Outcome<(BoundObject? Pod, BoundObject? Secret, BoundObject? Node)> Bind(JsonObject? reference, VirtualRequest request)
    {
        if (reference is null)
            return default((BoundObject?, BoundObject?, BoundObject?));
        var (group, version) = GroupVersion(reference.Text("apiVersion") ?? "");
        var kind = reference.Text("kind") ?? "";
        var name = reference.Text("name") ?? "";
        var resource = kind switch
        {
            "Pod" => LiveObjects.Pods,
            "Secret" => LiveObjects.Secrets,
            "Node" => LiveObjects.Nodes,
            _ => (GroupResource?)null,
        };
        if (group.Length > 0 || resource is not { } found)
            return Status.BadRequest($"cannot bind token to object of type {group}/{version}, Kind={kind}");
        if (_objects.Glance(found, kind == "Node" ? "" : request.Namespace, name) is not { } live)
            return Status.NotFound(found, name);
        BoundObject? node = null;
        if (kind == "Pod" && Pod(live, request, out node) is { } wrongAccount)
            return wrongAccount;
        if (reference.Text("uid") is { Length: > 0 } uid && uid != live.Uid)
        {
            return Status.Conflict(new(group, kind), name,
                $"the UID in the bound object reference ({uid}) does not match the UID in record. The object might have been deleted and then recreated");
        }
        var bound = new BoundObject(live.Name, live.Uid);
        return kind switch
        {
            "Pod" => (bound, (BoundObject?)null, node),
            "Secret" => ((BoundObject?)null, bound, (BoundObject?)null),
            _ => ((BoundObject?)null, (BoundObject?)null, bound),
        };
    }

    /// <summary>A pod must run as the account; its node is told in the token, by name alone if there is no such object.</summary>
    private Status? Pod(LiveObject live, VirtualRequest request, out BoundObject? node)
    {
        var spec = JsonNodes.Parse(live.Object.Json.Span)!.AsObject().Object("spec");
        node = null;
        if ((spec?.Text("serviceAccountName") ?? "") != request.Name)
            return Status.BadRequest($"cannot bind token for serviceaccount {GoText.Quote(request.Name)} to pod running with different serviceaccount name.");
        if (spec?.Text("nodeName") is { Length: > 0 } on)
            node = new(on, _objects.Glance(LiveObjects.Nodes, "", on)?.Uid ?? "");
        return null;
    }

    /// <summary>What was asked for, with what was left out filled in. System fields of the request do not survive, as upstream.</summary>
    private static JsonObject Answer(
        VirtualRequest request, LiveObject account, JsonObject spec, IReadOnlyList<string> audiences, long seconds, string token, DateTimeOffset now)
    {
        var answer = request.Object;
        var metadata = ObjectMetadata.Of(answer);
        metadata.Name = account.Name;
        metadata.Namespace = request.Namespace;
        metadata.Uid = account.Uid;
        metadata.CreationTimestamp = GoTime.From(now).ToString();
        spec["audiences"] = new JsonArray([.. audiences.Select(a => JsonValue.Create(a))]);
        spec["expirationSeconds"] = seconds;
        answer["status"] = new JsonObject
        {
            ["token"] = token,
            ["expirationTimestamp"] = GoTime.From(now.AddSeconds(seconds)).ToString(),
        };
        return answer;
    }

    private static (string Group, string Version) GroupVersion(string apiVersion) =>
        apiVersion.Split('/') switch
        {
            [var version] => ("", version),
            [var group, var version] => (group, version),
            _ => ("", ""),
        };
}

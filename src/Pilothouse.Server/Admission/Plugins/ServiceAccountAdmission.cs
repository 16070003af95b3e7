using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>
/// Every pod runs as a service account that exists. Unless it declines, its containers get a token of the account mounted,
/// and it pulls images with the account's secrets.
/// </summary>
internal sealed class ServiceAccountAdmission(TimeProvider time) : IMutatingAdmission
{
    private const string DefaultAccount = "default";
    private const string MountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
    private const string VolumePrefix = "kube-api-access-";
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    // A controller makes the default account of a new namespace: it is waited for, a second or two.
    private const int DefaultAccountAttempts = 10;
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(150);

    private static readonly GroupResource Accounts = new("", "serviceaccounts");

    public string Name => "ServiceAccount";

    public bool Handles(AdmissionRequest request) => Plugin.Is(request, Plugin.Pods, AdmissionOperation.Create);

    public async ValueTask<Status?> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var pod = request.Object!;
        var spec = pod.ObjectOrNew("spec");
        if (pod.Object("metadata").Object("annotations")?.ContainsKey("kubernetes.io/config.mirror") == true)
            return CheckMirror(request, spec);

        var name = spec.Text("serviceAccountName") ?? DefaultAccount;
        spec["serviceAccountName"] = name;
        // The old name of the field is always shown with the same value.
        spec["serviceAccount"] = name;
        if (await FindAsync(request.Context.Objects, request.Namespace, name, cancellationToken) is not { } account)
        {
            return AdmissionPlugins.Forbidden(
                request, $"error looking up service account {request.Namespace}/{name}: serviceaccount \"{name}\" not found");
        }
        if (spec.Flag("automountServiceAccountToken") ?? account.At("automountServiceAccountToken").ValueKind != JsonValueKind.False)
            Mount(spec);
        if (spec.List("imagePullSecrets") is not { Count: > 0 } && account.At("imagePullSecrets") is { ValueKind: JsonValueKind.Array } pulls
            && pulls.GetArrayLength() > 0)
        {
            spec["imagePullSecrets"] = new JsonArray([.. pulls.EnumerateArray().Select(
                s => (JsonNode)(s.Text("name") is { Length: > 0 } secret ? new JsonObject { ["name"] = secret } : []))]);
        }
        return account.Text("metadata", "annotations", "kubernetes.io/enforce-mountable-secrets") is "1" or "t" or "T" or "true" or "TRUE" or "True"
            && ServiceAccountSecrets.FirstForeign(spec, name, account) is { } reason
                ? AdmissionPlugins.Forbidden(request, reason)
                : null;
    }

    /// <summary>Pods that a kubelet runs from a file are only shown here: they can have nothing from here.</summary>
    private static Status? CheckMirror(AdmissionRequest request, JsonObject spec)
    {
        if (spec.ContainsKey("serviceAccountName"))
            return AdmissionPlugins.Forbidden(request, "a mirror pod may not reference service accounts");
        if (ServiceAccountSecrets.HasSecrets(spec))
            return AdmissionPlugins.Forbidden(request, "a mirror pod may not reference secrets");
        var projected = spec.Objects("volumes").SelectMany(v => v.Object("projected").Objects("sources"));
        return projected.Any(s => s.ContainsKey("serviceAccountToken"))
            ? AdmissionPlugins.Forbidden(request, "a mirror pod may not use ServiceAccountToken volume projections")
            : null;
    }

    private async ValueTask<JsonElement?> FindAsync(
        IObjectReader objects, string @namespace, string name, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await Plugin.FindAsync(objects, Accounts, @namespace, name, cancellationToken) is { } account)
                return account;
            if (name != DefaultAccount || attempt == DefaultAccountAttempts)
                return null;
            await Task.Delay(RetryInterval, time, cancellationToken);
        }
    }

    private static void Mount(JsonObject spec)
    {
        string? volume = null;
        for (var i = 0; volume is null && i < spec.List("volumes")?.Count; i++)
            volume = (spec.List("volumes")![i] as JsonObject)?.Text("name") is { } n && n.StartsWith(VolumePrefix, StringComparison.Ordinal) ? n : null;
        var name = volume ?? VolumePrefix + RandomNumberGenerator.GetString(Alphabet, 5);
        var mounted = false;
        foreach (var list in (ReadOnlySpan<string>)["initContainers", "containers"])
        {
            foreach (var node in spec.List(list) ?? [])
            {
                if (node is not JsonObject container)
                    continue;
                if (container.List("volumeMounts") is not { } mounts)
                    container["volumeMounts"] = mounts = [];
                else if (HasMount(mounts))
                    continue;
                mounts.Add((JsonNode)new JsonObject { ["name"] = name, ["readOnly"] = true, ["mountPath"] = MountPath });
                mounted = true;
            }
        }
        if (!mounted || volume is not null)
            return;
        if (spec.List("volumes") is not { } volumes)
            spec["volumes"] = volumes = [];
        volumes.Add((JsonNode)TokenVolume(name));
    }

    private static bool HasMount(JsonArray mounts)
    {
        foreach (var mount in mounts)
        {
            if ((mount as JsonObject)?.Text("mountPath") == MountPath)
                return true;
        }
        return false;
    }

    private static JsonObject TokenVolume(string name) => new()
    {
        ["name"] = name,
        ["projected"] = new JsonObject
        {
            ["sources"] = new JsonArray(
                // An hour, and a little more so that nobody takes it for a token that was asked for.
                new JsonObject { ["serviceAccountToken"] = new JsonObject { ["expirationSeconds"] = 3607L, ["path"] = "token" } },
                new JsonObject
                {
                    ["configMap"] = new JsonObject
                    {
                        ["name"] = "kube-root-ca.crt",
                        ["items"] = new JsonArray(new JsonObject { ["key"] = "ca.crt", ["path"] = "ca.crt" }),
                    },
                },
                new JsonObject
                {
                    ["downwardAPI"] = new JsonObject
                    {
                        ["items"] = new JsonArray(new JsonObject
                        {
                            ["path"] = "namespace",
                            ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = "metadata.namespace" },
                        }),
                    },
                }),
            ["defaultMode"] = 420L,
        },
    };
}

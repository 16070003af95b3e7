using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Schemas;
using Pilothouse.Server.Bootstrap;
using Pilothouse.Server.Watching;
using Pilothouse.Storage;

namespace Pilothouse.Server.CertificateSigning;

/// <summary>Signs what has been approved, as it is approved; what breaks a signer's rules fails with the reason in its conditions.</summary>
public sealed partial class SigningLoop
{
    private static readonly GroupResource s_requests = new("certificates.k8s.io", "certificatesigningrequests");
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(5);

    private readonly CertificateSigner _signer;
    private readonly ObjectCaches _caches;
    private readonly ResourceCache _requests;
    private readonly ServerWriter _writer;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    public SigningLoop(
        CertificateSigner signer, ResourceCatalog catalog, IStore store, ObjectCaches caches, TimeProvider time, ILogger<SigningLoop> log)
    {
        (_signer, _caches, _time, _log) = (signer, caches, time, log);
        _requests = caches.TryGet(s_requests, out var requests) ? requests
            : throw new ArgumentException("the catalog has no certificate signing requests", nameof(catalog));
        _writer = new(catalog, store, caches, time);
    }

    /// <summary>Signs until cancelled. Faults are logged, and tried again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        ObjectTree? done = null;
        try
        {
            while (true)
            {
                var (revision, state) = (_caches.Revision, _requests.Snapshot);
                if (!revision.IsNone && !ReferenceEquals(done, state))
                    done = await SignAllAsync(state, cancellationToken) ? state : null;
                if (done is null && !revision.IsNone)
                    await Task.Delay(s_retry, _time, cancellationToken);
                else
                    await _caches.WaitForAsync(revision.Next, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    /// <summary>Looks at every request; false when something has to be tried again.</summary>
    private async Task<bool> SignAllAsync(ObjectTree state, CancellationToken cancellationToken)
    {
        var whole = true;
        foreach (var obj in state.All)
        {
            try
            {
                var tree = Decode(obj);
                if (IsDue(tree))
                    await _writer.UpdateAsync(s_requests, "", obj.Name, current => IsDue(current) && Decide(current), cancellationToken);
            }
            catch (StoreException fault)
            {
                Failed(_log, obj.Name, fault.Message);
                whole = false;
            }
        }
        return whole;
    }

    private JsonObject Decode(CachedObject obj) => SchemaDecoder.Decode(obj.Json.Span, _requests.Resource.Schema).TryGet(out var decoded, out var failure)
        ? decoded.Json
        : throw new InvalidOperationException($"{obj.Key} does not decode: {failure.Message}");

    /// <summary>Approved, neither denied nor failed, without a certificate, and for a signer of ours.</summary>
    private static bool IsDue(JsonObject obj)
    {
        var status = obj.Object("status");
        return SignerPolicy.Knows(obj.Object("spec")?.Text("signerName") ?? "")
            && status?.Text("certificate") is not { Length: > 0 }
            && Has(status, "Approved") && !Has(status, "Denied") && !Has(status, "Failed");
    }

    private static bool Has(JsonObject? status, string condition) =>
        status.Objects("conditions").Any(c => c.Text("type") == condition && c.Text("status") == "True");

    private bool Decide(JsonObject obj)
    {
        var name = ObjectMetadata.Of(obj).Name;
        var status = obj.ObjectOrNew("status");
        var request = SignerRequest.Read(obj);
        var fault = request is null ? "the request cannot be read" : SignerPolicy.Fault(request);
        if (fault is null)
        {
            status["certificate"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(_signer.Sign(request!, _time.GetUtcNow())));
            Signed(_log, name, request!.SignerName, request.Subject.CommonName);
            return true;
        }
        var now = ServerWriter.Seconds(_time.GetUtcNow());
        if (status.List("conditions") is not { } conditions)
            status["conditions"] = conditions = [];
        conditions.Add((JsonNode)new JsonObject
        {
            ["type"] = "Failed",
            ["status"] = "True",
            ["reason"] = "SignerValidationFailure",
            ["message"] = fault,
            ["lastUpdateTime"] = now,
            ["lastTransitionTime"] = now,
        });
        Failed(_log, name, fault);
        return true;
    }

    [LoggerMessage(1, LogLevel.Information, "Signed certificate signing request {Name} for {Signer}: CN={CommonName}")]
    private static partial void Signed(ILogger log, string name, string signer, string commonName);

    [LoggerMessage(2, LogLevel.Warning, "Certificate signing request {Name} was not signed: {Why}")]
    private static partial void Failed(ILogger log, string name, string why);
}

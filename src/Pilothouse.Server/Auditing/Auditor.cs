using Microsoft.AspNetCore.Http;
using Pilothouse.Objects;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Auditing;

/// <summary>Writes down what a policy says, to every backend (<c>--audit-policy-file</c>, <c>--audit-log-*</c>, <c>--audit-webhook-*</c>).</summary>
public sealed class Auditor(AuditPolicy policy, IReadOnlyList<IAuditBackend> backends, TimeProvider time) : IAuditor
{
    public async ValueTask<Status?> ReceivedAsync(ApiRequest request)
    {
        var decision = policy.Decide(AuthorizationAttributes.Of(request));
        AuditMetrics.Level(decision.Level);
        if (decision.Level == AuditLevel.None)
            return null;
        var record = new AuditRecord { Decision = decision, User = request.User };
        request.Audit = record;
        if (!await ProcessAsync(request, record, AuditStages.RequestReceived, null))
        {
            AuditMetrics.Rejected();
            return Status.InternalError("failed to store audit event");
        }
        if (LongRunning.Is(request.Info, request.Http.Request))
        {
            request.Http.Response.OnStarting(
                () => ProcessAsync(request, record, AuditStages.ResponseStarted, request.Http.Response.StatusCode).AsTask());
        }
        return null;
    }

    public async ValueTask RejectedAsync(ApiRequest request, Status failure)
    {
        var decision = policy.Decide(AuthorizationAttributes.Of(request) with { User = UserInfo.Nobody });
        AuditMetrics.Level(decision.Level);
        if (decision.Level == AuditLevel.None)
            return;
        var record = new AuditRecord
        {
            Decision = decision,
            User = UserInfo.Nobody,
            ResponseStatus = failure with { Message = Attempted(request.Http), Reason = "", Details = null },
        };
        await ProcessAsync(request, record, AuditStages.ResponseStarted, failure.Code);
    }

    public async ValueTask CompletedAsync(ApiRequest request, int code, bool panicked)
    {
        if (request.Audit is { } record)
            await ProcessAsync(request, record, panicked ? AuditStages.Panic : AuditStages.ResponseComplete, code);
    }

    private async ValueTask<bool> ProcessAsync(ApiRequest request, AuditRecord record, AuditStages stage, int? code)
    {
        if ((record.Decision.OmittedStages & stage) != AuditStages.None)
            return true;
        var json = AuditEventWriter.Write(request, record, stage, code, time.GetUtcNow());
        AuditMetrics.Event();
        var taken = true;
        foreach (var backend in backends)
            taken &= await backend.WriteAsync(json, stage, CancellationToken.None);
        return taken;
    }

    /// <summary>What a caller whom nobody knows had to show; never the secret itself.</summary>
    private static string Attempted(HttpContext http)
    {
        List<string> methods = [];
        var authorization = http.Request.Headers.Authorization.ToString().Trim();
        if (authorization.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
            methods.Add("basic");
        if (authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            methods.Add("bearer");
        if (http.Connection.ClientCertificate is not null)
            methods.Add("x509");
        return methods.Count > 0 ? $"Authentication failed, attempted: {string.Join(", ", methods)}"
            : "Authentication failed, no credentials provided";
    }
}

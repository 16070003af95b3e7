using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Probes of containers, and what runs after their start and before their end.</summary>
internal static class ProbeValidation
{
    private static readonly string[] ProbeActions = ["exec", "httpGet", "tcpSocket", "grpc"];
    private static readonly string[] LifecycleActions = ["exec", "httpGet", "tcpSocket", "sleep"];

    /// <summary>The lifecycle and the three probes of a container, each where it has them.</summary>
    public static void Validate(JsonObject container, long? gracePeriod, FieldPath path, FieldErrors errors)
    {
        if (container.Object("lifecycle") is { } lifecycle)
        {
            foreach (var hook in (ReadOnlySpan<string>)["postStart", "preStop"])
            {
                if (lifecycle.Object(hook) is { } handler)
                    ValidateHandler(handler, LifecycleActions, gracePeriod, path.Child("lifecycle", hook), errors);
            }
        }
        if (container.Object("livenessProbe") is { } liveness)
        {
            ValidateProbe(liveness, path.Child("livenessProbe"), errors);
            RequireOneSuccess(liveness, path.Child("livenessProbe"), errors);
        }
        if (container.Object("readinessProbe") is { } readiness)
        {
            ValidateProbe(readiness, path.Child("readinessProbe"), errors);
            if (readiness.Integer("terminationGracePeriodSeconds") is { } period)
                errors.Invalid(path.Child("readinessProbe", "terminationGracePeriodSeconds"), period, "must not be set for readinessProbes");
        }
        if (container.Object("startupProbe") is { } startup)
        {
            ValidateProbe(startup, path.Child("startupProbe"), errors);
            RequireOneSuccess(startup, path.Child("startupProbe"), errors);
        }
    }

    /// <summary>A port, by number or by name.</summary>
    public static void ValidatePort(JsonNode? port, FieldPath path, FieldErrors errors)
    {
        if (port.AsText() is { } name)
            errors.InvalidEach(path, name, FieldFormats.PortName(name));
        else if ((port.AsInteger() ?? 0) is var number && FieldFormats.PortNumber(number) is { Count: > 0 } faults)
            errors.Invalid(path, number, faults[0]);
    }

    private static void RequireOneSuccess(JsonObject probe, FieldPath path, FieldErrors errors)
    {
        if (probe.Integer("successThreshold") is var threshold && threshold is not 1)
            errors.Invalid(path.Child("successThreshold"), threshold ?? 0, "must be 1");
    }

    private static void ValidateProbe(JsonObject probe, FieldPath path, FieldErrors errors)
    {
        ValidateHandler(probe, ProbeActions, null, path, errors);
        errors.CheckNotNegative(probe, path, "initialDelaySeconds");
        errors.CheckNotNegative(probe, path, "timeoutSeconds");
        errors.CheckNotNegative(probe, path, "periodSeconds");
        errors.CheckNotNegative(probe, path, "successThreshold");
        errors.CheckNotNegative(probe, path, "failureThreshold");
        if (probe.Integer("terminationGracePeriodSeconds") is <= 0 and { } period)
            errors.Invalid(path.Child("terminationGracePeriodSeconds"), period, "must be greater than 0");
    }

    private static void ValidateHandler(JsonObject handler, string[] actions, long? gracePeriod, FieldPath path, FieldErrors errors)
    {
        var found = false;
        foreach (var kind in actions)
        {
            if (handler.Object(kind) is not { } action)
                continue;
            if (found)
            {
                errors.Forbidden(path.Child(kind), "may not specify more than 1 handler type");
                continue;
            }
            found = true;
            ValidateAction(kind, action, gracePeriod, path.Child(kind), errors);
        }
        if (!found)
            errors.Required(path, "must specify a handler type");
    }

    private static void ValidateAction(string kind, JsonObject action, long? gracePeriod, FieldPath path, FieldErrors errors)
    {
        switch (kind)
        {
            case "exec":
                if (action.List("command") is not { Count: > 0 })
                    errors.Required(path.Child("command"));
                break;
            case "httpGet":
                if (string.IsNullOrEmpty(action.Text("path")))
                    errors.Required(path.Child("path"));
                ValidatePort(action["port"], path.Child("port"), errors);
                if (action.Text("scheme") is not ("HTTP" or "HTTPS"))
                    errors.NotSupported(path.Child("scheme"), action.Text("scheme") ?? "", "HTTP", "HTTPS");
                foreach (var header in action.Objects("httpHeaders"))
                {
                    var name = header.Text("name") ?? "";
                    errors.InvalidEach(path, "httpHeaders", name, FieldFormats.HttpHeaderName(name));
                }
                break;
            case "sleep":
                var seconds = action.Integer("seconds") ?? 0;
                if (gracePeriod is { } period && (seconds < 0 || seconds > period))
                    errors.Invalid(path, seconds, $"must be non-negative and less than terminationGracePeriodSeconds ({period})");
                break;
            default:
                ValidatePort(action["port"], path.Child("port"), errors);
                break;
        }
    }
}

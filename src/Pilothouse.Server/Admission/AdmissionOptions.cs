using System.Text.Json.Nodes;

namespace Pilothouse.Server.Admission;

/// <summary>The options of a write as an object of meta.k8s.io/v1, as webhooks and policies get them.</summary>
internal static class AdmissionOptions
{
    private const string Version = "meta.k8s.io/v1";

    public static JsonObject Of(AdmissionRequest request)
    {
        if (request.Operation == AdmissionOperation.Delete && request.DeleteOptions is { } given)
        {
            var options = new JsonObject { ["kind"] = "DeleteOptions", ["apiVersion"] = Version };
            foreach (var (name, value) in given())
                options[name] = value?.DeepClone();
            return options;
        }
        var made = new JsonObject
        {
            ["kind"] = request.Operation switch
            {
                AdmissionOperation.Create => "CreateOptions",
                AdmissionOperation.Update => "UpdateOptions",
                _ => "DeleteOptions",
            },
            ["apiVersion"] = Version,
        };
        if (request.Context.DryRun)
            made["dryRun"] = new JsonArray("All");
        if (request.Api is { } api && request.Operation != AdmissionOperation.Delete && api.Http.Request.QueryString.HasValue)
        {
            var query = api.Http.Request.Query;
            foreach (var name in (string[])["fieldManager", "fieldValidation"])
            {
                if (query[name].ToString() is { Length: > 0 } value)
                    made[name] = value;
            }
        }
        return made;
    }
}

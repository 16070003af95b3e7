using Microsoft.AspNetCore.Http;
using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Discovery;

/// <summary><c>/version</c>.</summary>
internal sealed class VersionEndpoint(ServerVersion version) : IEndpoint
{
    private readonly PreparedDocument _document = PreparedDocument.Json(indented: true, write: json =>
    {
        json.WriteStartObject();
        json.WriteString("major"u8, version.Major);
        json.WriteString("minor"u8, version.Minor);
        json.WriteString("emulationMajor"u8, version.Major);
        json.WriteString("emulationMinor"u8, version.Minor);
        json.WriteString("minCompatibilityMajor"u8, version.Major);
        json.WriteString("minCompatibilityMinor"u8, version.MinCompatibilityMinor);
        json.WriteString("gitVersion"u8, version.GitVersion);
        json.WriteString("gitCommit"u8, version.GitCommit);
        json.WriteString("gitTreeState"u8, ""u8);
        // Builds are reproducible, so they know no date; this is what an unstamped kube-apiserver says.
        json.WriteString("buildDate"u8, "1970-01-01T00:00:00Z"u8);
        json.WriteString("goVersion"u8, version.Runtime);
        json.WriteString("compiler"u8, version.Compiler);
        json.WriteString("platform"u8, version.Platform);
        json.WriteEndObject();
    });

    public bool Matches(RequestInfo info) => !info.IsResourceRequest && info.Path is "/version" or "/version/";

    public async ValueTask HandleAsync(ApiRequest request)
    {
        if (!HttpMethods.IsGet(request.Http.Request.Method))
            await StatusWriter.WriteAsync(request, Status.MethodNotAllowed());
        else
            await _document.WriteAsync(request, withETag: false);
    }
}

using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Pilothouse.Hosting.Http1;

/// <summary>Hears from Kestrel that it is about to refuse a request which cannot be read, and says how.</summary>
internal sealed class RefusalSource : DiagnosticSource
{
    private const string BadRequest = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    private const string NotUsed = "Kestrel calls this; what it hands over is used through interfaces alone.";

    public override bool IsEnabled(string name) => name == BadRequest;

    [RequiresUnreferencedCode(NotUsed)]
    public override void Write(string name, object? value)
    {
        if (value is IFeatureCollection features && features.Get<Http1Output>() is { } output
            && features.Get<IBadRequestExceptionFeature>()?.Error is BadHttpRequestException fault
            && features.Get<IHttpResponseFeature>() is { HasStarted: false })
        {
            output.Refuse(Refusals.Of(fault, features.GetRequiredFeature<IHttpRequestFeature>(), output.Input));
        }
    }
}

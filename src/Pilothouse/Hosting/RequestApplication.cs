using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Pilothouse.Hosting.Http1;

namespace Pilothouse.Hosting;

/// <summary>Between Kestrel and the request handler: an HttpContext per request, kept with the connection or stream for the next.</summary>
internal sealed class RequestApplication(RequestDelegate handler, RequestLog log) : IHttpApplication<DefaultHttpContext>
{
    public DefaultHttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        if (contextFeatures is not IHostContextContainer<DefaultHttpContext> container)
            return new DefaultHttpContext(contextFeatures);
        if (container.HostContext is { } used)
            used.Initialize(contextFeatures);
        else
            container.HostContext = used = new DefaultHttpContext(contextFeatures);
        return used;
    }

    public Task ProcessRequestAsync(DefaultHttpContext context)
    {
        var started = log.Now;
        if (context.Request.Protocol == "HTTP/1.0")
            context.Features.Get<Http1Output>()?.AnswerHttp10();
        var task = handler(context);
        if (task.IsCompletedSuccessfully)
        {
            log.Completed(context, started);
            return task;
        }
        return AwaitAsync(task, context, started);
    }

    public void DisposeContext(DefaultHttpContext context, Exception? exception) => context.Uninitialize();

    private async Task AwaitAsync(Task task, DefaultHttpContext context, long started)
    {
        await task;
        log.Completed(context, started);
    }
}

using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pilothouse.Bench.Bare;

// bare PORT: answers over https on loopback
//   GET  /bytes/N        N bytes
//   GET  /items/COUNT/N  COUNT pieces of N bytes each, copied from memory
//   GET  /stream         stays open, and gets what /emit writes
//   POST /emit/COUNT/N   writes COUNT events of N bytes to every open stream, one after the other
var port = int.Parse(args[0], CultureInfo.InvariantCulture);
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
using var certificate = Certificates.SelfSigned();
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.MinResponseDataRate = null;
    kestrel.Limits.Http2.MaxStreamsPerConnection = 2000;
    kestrel.Listen(IPAddress.Loopback, port, listen => listen.UseHttps(certificate));
});
var app = builder.Build();
var streams = new OpenStreams();
app.Run(async http =>
{
    var path = (http.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
    http.Response.ContentType = "application/json";
    switch (path)
    {
        case ["bytes", var size]:
            var body = Payload.OfSize(int.Parse(size, CultureInfo.InvariantCulture));
            http.Response.ContentLength = body.Length;
            await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
            break;
        case ["items", var count, var size]:
            await Payload.CopyAsync(http, int.Parse(count, CultureInfo.InvariantCulture), int.Parse(size, CultureInfo.InvariantCulture));
            break;
        case ["stream"]:
            await streams.ServeAsync(http);
            break;
        case ["emit", var count, var size]:
            await streams.EmitAsync(int.Parse(count, CultureInfo.InvariantCulture), int.Parse(size, CultureInfo.InvariantCulture));
            break;
        default:
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            break;
    }
});
await app.RunAsync();

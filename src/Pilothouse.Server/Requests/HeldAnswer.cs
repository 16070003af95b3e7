using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Pilothouse.Server.Requests;

/// <summary>Holds an answer back until it is whole, for those who have to see it before it goes: it costs its size in memory.</summary>
internal static class HeldAnswer
{
    /// <summary>Runs what answers, lets somebody look at the bytes or replace them, and sends them.</summary>
    public static async ValueTask<T> RunAsync<T>(HttpContext http, Func<ValueTask<T>> answer, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> see)
    {
        var direct = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var held = new MemoryStream();
        var holding = new StreamResponseBodyFeature(held, direct);
        http.Features.Set<IHttpResponseBodyFeature>(holding);
        T result;
        try
        {
            result = await answer();
            await holding.Writer.FlushAsync();
        }
        finally
        {
            http.Features.Set(direct);
        }
        if (held.Length == 0)
            return result;
        var bytes = see(held.GetBuffer().AsMemory(0, (int)held.Length));
        http.Response.ContentLength = bytes.Length;
        await direct.Stream.WriteAsync(bytes, http.RequestAborted);
        return result;
    }
}

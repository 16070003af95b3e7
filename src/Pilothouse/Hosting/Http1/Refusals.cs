using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Pilothouse.Hosting.Http1;

/// <summary>
/// What Go's server answers to requests that it cannot read (net/http, conn.serve and readRequest): a status line that ends in the
/// reason, the same again as the body, and the end of the connection.
/// </summary>
internal static class Refusals
{
    private const string BadRequest = "400 Bad Request";

    private const string NoHost = $"{BadRequest}: missing required Host header";

    /// <summary>How much of the rest of a head is looked at for the reason.</summary>
    private const int Longest = 64 * 1024;

    private static readonly SearchValues<char> _nameOrBlank = SearchValues.Create(
        " !#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>The whole answer; empty when there is none, because the connection just ends.</summary>
    /// <param name="fault">Why Kestrel refuses the request. What its code does not tell is in its text alone.</param>
    /// <param name="request">As much of the request as was read.</param>
    /// <param name="input">What was sent behind the line that could not be read.</param>
    public static string Of(BadHttpRequestException fault, IHttpRequestFeature request, PipeReader input)
    {
        var text = fault.Message;
        return fault.StatusCode switch
        {
            StatusCodes.Status408RequestTimeout => "",
            StatusCodes.Status414UriTooLong or StatusCodes.Status431RequestHeaderFieldsTooLarge => Answer("431 Request Header Fields Too Large"),
            StatusCodes.Status505HttpVersionNotsupported when IsVersion(Quoted(text)) =>
                Answer("505 HTTP Version Not Supported: unsupported protocol version"),
            _ when Says(text, "Request is missing Host header") => Answer(NoHost),
            // Go does not compare Host with a target that names one itself.
            _ when Says(text, "Invalid Host header") && request.RawTarget.StartsWith('/') => Answer($"{BadRequest}: malformed Host header"),
            _ when Says(text, "Invalid request header:") => Answer(OfHeaders(Quoted(text), input, request)),
            _ when Says(text, "The message body length cannot be determined because the final transfer coding") =>
                Answer("501 Not Implemented", "Unsupported transfer encoding"),
            _ => Answer(BadRequest),
        };
    }

    private static bool Says(string text, string start) => text.StartsWith(start, StringComparison.Ordinal);

    /// <summary>What a text quotes from the request; its control characters are escaped there.</summary>
    private static ReadOnlySpan<char> Quoted(ReadOnlySpan<char> text)
    {
        var rest = text[(text.IndexOf('\'') + 1)..];
        return rest.EndsWith("'") ? rest[..^1] : rest;
    }

    private static string Answer(string status) => Answer(status, status);

    private static string Answer(string status, string body) =>
        $"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n{body}";

    /// <summary>
    /// Go reads all headers before it looks at any: names with a blank in them get that far, while other bytes that do not belong
    /// there are no header at all.
    /// </summary>
    /// <param name="refused">The header line that Kestrel refused.</param>
    /// <param name="input">The lines behind it.</param>
    /// <param name="request">What came before it.</param>
    private static string OfHeaders(ReadOnlySpan<char> refused, PipeReader input, IHttpRequestFeature request)
    {
        var colon = refused.IndexOf(':');
        if (colon <= 0 || refused[0] == ' ' || refused[..colon].ContainsAnyExcept(_nameOrBlank) || !refused[..colon].Contains(' '))
            return BadRequest;
        return request.Headers.Host.Count > 0 || request.Protocol != "HTTP/1.1" || HasHost(Rest(input)) ? $"{BadRequest}: invalid header name" : NoHost;
    }

    private static bool HasHost(ReadOnlySpan<byte> head)
    {
        foreach (var range in head.Split((byte)'\n'))
        {
            var line = head[range].TrimEnd((byte)'\r');
            if (line.IsEmpty)
                return false;
            if (line.Length > 5 && Ascii.EqualsIgnoreCase(line[..5], "Host:"u8))
                return true;
        }
        return false;
    }

    private static bool IsVersion(ReadOnlySpan<char> version) =>
        version.Length == 8 && version.StartsWith("HTTP/") && char.IsAsciiDigit(version[5]) && version[6] == '.' && char.IsAsciiDigit(version[7]);

    /// <summary>What was sent and not read. Kestrel has given up on it, so looking at it disturbs nobody.</summary>
    private static ReadOnlySpan<byte> Rest(PipeReader input)
    {
        // All of it counts as seen already; a cancelled read shows it again.
        input.CancelPendingRead();
        if (!input.TryRead(out var read))
            return [];
        var buffer = read.Buffer;
        var rest = buffer.Slice(0, Math.Min(buffer.Length, Longest)).ToArray();
        input.AdvanceTo(buffer.Start, buffer.End);
        return rest;
    }
}

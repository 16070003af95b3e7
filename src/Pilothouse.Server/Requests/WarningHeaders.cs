using System.Text;
using Microsoft.Extensions.Primitives;

namespace Pilothouse.Server.Requests;

/// <summary>The <c>Warning: 299 - "…"</c> headers of an answer.</summary>
public static class WarningHeaders
{
    /// <summary>Characters that all warnings of one answer may have together; when there are more, each is cut to <see cref="CutLength"/>.</summary>
    private const int MaxTotal = 4096;
    private const int CutLength = 256;

    /// <summary>Sets the headers from <see cref="ApiRequest.Warnings"/>, each text once.</summary>
    public static void Write(ApiRequest request)
    {
        if (request.Warnings.Count == 0)
            return;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var total = 0;
        foreach (var text in request.Warnings)
            total += text.Length;
        var headers = new List<string>();
        var sent = 0;
        foreach (var text in request.Warnings)
        {
            if (!seen.Add(text))
                continue;
            var shown = total > MaxTotal && text.Length > CutLength ? text[..CutLength] : text;
            sent += shown.Length;
            if (sent > MaxTotal)
                break;
            headers.Add(Header(shown));
        }
        request.Http.Response.Headers["Warning"] = new StringValues([.. headers]);
    }

    /// <summary>Quotes the text; control characters would end the header, and are left out.</summary>
    private static string Header(string text)
    {
        var header = new StringBuilder("299 - \"", text.Length + 16);
        foreach (var c in text)
        {
            if (c is '"' or '\\')
                header.Append('\\');
            if (c is '\n' or '\t')
                header.Append(' ');
            else if (!char.IsControl(c))
                header.Append(c > 0x7e ? '?' : c);
        }
        return header.Append('"').ToString();
    }
}

using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Pilothouse.Objects;

namespace Pilothouse.Server.Watching;

/// <summary>
/// Where a list in pages goes on: a key and the revision that all its pages show. The format is upstream's, so that any server
/// on the same store can go on.
/// </summary>
/// <param name="Revision">The revision; -1 for "whatever is newest", when the first page's is gone.</param>
/// <param name="Start">The first key of the next page, relative to the collection's or the namespace's prefix.</param>
internal readonly record struct ContinueToken(long Revision, string Start)
{
    private const string Version = "meta.k8s.io/v1";

    public string Encode()
    {
        var json = new ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("v"u8, Version);
            writer.WriteNumber("rv"u8, Revision);
            writer.WriteString("start"u8, Start);
            writer.WriteEndObject();
        }
        return Base64Url.EncodeToString(json.WrittenSpan);
    }

    public static Outcome<ContinueToken> Decode(string text)
    {
        byte[] json;
        try
        {
            json = Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            var at = text.AsSpan().IndexOfAnyExcept(s_base64Url);
            return Invalid($": illegal base64 data at input byte {(at < 0 ? text.Length : at)}");
        }

        string version = "", start = "";
        long revision = 0;
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return Invalid(": json: cannot unmarshal into Go value of type storage.continueToken");
            if (root.TryGetProperty("v", out var v) && v.ValueKind == JsonValueKind.String)
                version = v.GetString()!;
            if (root.TryGetProperty("rv", out var rv) && rv.ValueKind == JsonValueKind.Number && rv.TryGetInt64(out var number))
                revision = number;
            if (root.TryGetProperty("start", out var s) && s.ValueKind == JsonValueKind.String)
                start = s.GetString()!;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Invalid(json.Length == 0 ? ": unexpected end of JSON input" : $": {JsonFault(json)}");
        }
        if (version != Version)
            return Invalid($": server does not recognize this encoded version {version}");
        if (revision == 0)
            return Invalid($": incorrect encoded start resourceVersion (version {Version})");
        if (start.Length == 0)
            return Invalid($": encoded start key empty (version {Version})");
        return IsClean(start) ? new ContinueToken(revision, start.TrimStart('/')) : Invalid($": {start}");
    }

    private static readonly SearchValues<char> s_base64Url =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private static Status Invalid(string why) => Status.BadRequest($"invalid continue token: continue key is not valid{why}");

    /// <summary>No way up the hierarchy, and nothing that a path would lose by being cleaned.</summary>
    private static bool IsClean(string start)
    {
        var path = start.AsSpan(start[0] == '/' ? 1 : 0);
        foreach (var part in path.Split('/'))
        {
            if (path[part] is "" or "." or "..")
                return false;
        }
        return true;
    }

    private static string JsonFault(byte[] json)
    {
        var first = Encoding.UTF8.GetString(json).EnumerateRunes().First();
        return $"invalid character {(first.Value == '\'' ? "'\\''" : $"'{first}'")} looking for beginning of value";
    }
}

using System.Text;
using System.Text.Json;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>
/// Reads apiVersion and kind from a body before anything else is known of it. It passes over the whole body, so that broken
/// syntax is told here, as upstream does.
/// </summary>
public static class TypeMetaReader
{
    // How upstream's error shows what was expected.
    private const string GoType = "struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }";

    // How much of a body an error shows.
    private const int SummaryLength = 30;

    /// <summary>
    /// Reads them. The failure's message is <c>couldn't get version/kind; json parse error: …</c>; around it belongs what was
    /// expected, and <see cref="Summarize"/> of the body as it came.
    /// </summary>
    public static Outcome<TypeMeta> Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = GoJson.MaxDepth });
        try
        {
            return Read(ref reader);
        }
        catch (JsonException)
        {
            return Failure(GoJson.Check(json) ?? "invalid JSON");
        }
    }

    /// <summary>
    /// The failure for a body in which no kind was found: <c>the object provided is unrecognized (must be of type ConfigMap):
    /// … ({"apiVersion":"v1"…)</c>.
    /// </summary>
    /// <param name="failure">From <see cref="Read(ReadOnlySpan{byte})"/>.</param>
    /// <param name="expectedKind">The kind that belongs there.</param>
    /// <param name="body">The body as it came, before YAML was made JSON.</param>
    public static Status Unrecognized(Status failure, string expectedKind, ReadOnlySpan<byte> body) => Status.BadRequest(
        $"the object provided is unrecognized (must be of type {expectedKind}): {failure.Message} ({Summarize(body)})");

    /// <summary>The beginning of a body as errors show it: as text when it looks like an object, in hexadecimal otherwise.</summary>
    public static string Summarize(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
            return "<empty>";
        var start = body[..Math.Min(body.Length, SummaryLength)];
        var shown = body[0] == '{' ? Encoding.UTF8.GetString(start) : Convert.ToHexStringLower(start);
        return body.Length > SummaryLength ? shown + " ..." : shown;
    }

    private static Outcome<TypeMeta> Read(ref Utf8JsonReader reader)
    {
        string apiVersion = "", kind = "", error = "";
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                // This one look at a body ignores case, unlike the decoding that follows it.
                var isKind = Is(reader, "kind"u8);
                var isVersion = !isKind && Is(reader, "apiversion"u8);
                reader.Read();
                if (!isKind && !isVersion)
                {
                    reader.Skip();
                }
                else if (reader.TokenType == JsonTokenType.String)
                {
                    var text = GoJson.Unquote(reader.ValueSpan);
                    if (isKind)
                        kind = text;
                    else
                        apiVersion = text;
                }
                else if (reader.TokenType != JsonTokenType.Null)
                {
                    if (error.Length == 0)
                    {
                        error = $"json: cannot unmarshal {Describe(reader.TokenType)} into Go struct field "
                            + $".{(isKind ? "kind" : "apiVersion")} of type string";
                    }
                    reader.Skip();
                }
            }
        }
        else if (reader.TokenType != JsonTokenType.Null)
        {
            error = $"json: cannot unmarshal {Describe(reader.TokenType)} into Go value of type {GoType}";
            reader.Skip();
        }
        while (reader.Read())
        {
        }
        return error.Length > 0 ? Failure(error) : new TypeMeta(apiVersion, kind);
    }

    private static bool Is(in Utf8JsonReader reader, ReadOnlySpan<byte> lowerCase) =>
        reader.ValueIsEscaped
            ? Ascii.EqualsIgnoreCase(GoJson.Unquote(reader.ValueSpan), lowerCase)
            : Ascii.EqualsIgnoreCase(reader.ValueSpan, lowerCase);

    private static string Describe(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "object",
        JsonTokenType.StartArray => "array",
        JsonTokenType.String => "string",
        JsonTokenType.Number => "number",
        _ => "bool",
    };

    private static Status Failure(string error) => Status.BadRequest("couldn't get version/kind; json parse error: " + error);
}

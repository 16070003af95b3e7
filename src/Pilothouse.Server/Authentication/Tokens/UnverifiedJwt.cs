using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Authentication.Tokens;

/// <summary>A token taken apart. Nothing in it may be believed before its signature is checked.</summary>
internal sealed record UnverifiedJwt(string Token, JsonObject Header, JsonObject Claims)
{
    public string Issuer => Claims.Text("iss") ?? "";

    public string Algorithm => Header.Text("alg") ?? "";

    /// <summary>Empty for none.</summary>
    public string KeyId => Header.Text("kid") ?? "";

    /// <summary>One or several; null when it is neither text nor a list of texts.</summary>
    public IReadOnlyList<string>? Audiences => Claims["aud"] switch
    {
        null => [],
        JsonArray list => list.All(a => a.AsText() is not null) ? [.. list.Select(a => a.AsText()!)] : null,
        var one => one.AsText() is { } text ? [text] : null,
    };

    /// <summary>A point in time; null when it is not there.</summary>
    /// <param name="claim"><c>exp</c></param>
    /// <param name="isWrong">It is there and is no number, or none of our time.</param>
    public DateTimeOffset? Time(string claim, out bool isWrong)
    {
        isWrong = false;
        if (Claims[claim] is not { } node)
            return null;
        if (node is JsonValue value && value.TryGetValue<double>(out var seconds) && seconds is >= 0 and <= 253_402_300_799)
            return DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        isWrong = true;
        return null;
    }
}

using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Authentication.Reviews;

/// <summary>Users as <c>authentication.k8s.io UserInfo</c> has them.</summary>
public static class UserJson
{
    /// <summary>The user; what is empty is left out.</summary>
    public static JsonObject Write(UserInfo user)
    {
        var json = new JsonObject();
        if (user.Name.Length > 0)
            json["username"] = user.Name;
        if (user.Uid.Length > 0)
            json["uid"] = user.Uid;
        if (user.Groups.Count > 0)
            json["groups"] = List(user.Groups);
        if (user.Extra.Count > 0)
            json["extra"] = new JsonObject(user.Extra.Select(e => KeyValuePair.Create(e.Key, (JsonNode?)List(e.Value))));
        return json;
    }

    /// <summary>A user that somebody else answered.</summary>
    internal static UserInfo Read(JsonObject? json)
    {
        var extra = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var (key, values) in json.Object("extra") ?? [])
            extra[key] = values is JsonArray list ? Texts(list) : [];
        return new(json?.Text("username") ?? "", json?.Text("uid") ?? "", Texts(json.List("groups") ?? []), extra);
    }

    private static JsonArray List(IEnumerable<string> values) => new([.. values.Select(v => JsonValue.Create(v))]);

    private static string[] Texts(JsonArray list) => [.. list.Select(v => v.AsText() ?? "")];
}

using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Authentication.ServiceAccounts;

/// <summary>An object that a token names.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its uid; empty when only the name was known.</param>
internal readonly record struct BoundObject(string Name, string Uid)
{
    /// <summary>Reads <c>{"name":…,"uid":…}</c>; null for none.</summary>
    public static BoundObject? Read(JsonObject claims, string name) =>
        claims.Object(name) is { } given ? new(given.Text("name") ?? "", given.Text("uid") ?? "") : null;
}

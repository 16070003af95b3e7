using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Server.Authentication.Reviews;
using Pilothouse.Server.Authentication.ServiceAccounts;

namespace Pilothouse.Server.Authentication.Oidc;

/// <summary>Makes users of the claims of a token that is believed.</summary>
internal sealed class OidcUser(JwtAuthenticatorOptions options)
{
    /// <summary>The user; a failure's message is upstream's.</summary>
    public Outcome<UserInfo> Make(JsonObject claims)
    {
        if (options.Groups is { Claim.Length: > 0 } groupsClaim && !claims.ContainsKey(groupsClaim.Claim)
            && claims.Object("_claim_names")?.ContainsKey(groupsClaim.Claim) == true)
        {
            return Refuse("could not expand distributed claims: they are not supported by this server");
        }
        if (!Username(claims).TryGet(out var name, out var failure)
            || !Groups(claims).TryGet(out var groups, out failure)
            || !Uid(claims).TryGet(out var uid, out failure)
            || !Extra(claims).TryGet(out var extra, out failure))
        {
            return failure;
        }
        if (RequiredClaims(claims) is { } missing)
            return missing;
        if (Rules(options.ClaimRules, claims) is { } brokenClaim)
            return Refuse($"error evaluating claim validation expression: {brokenClaim}");
        var user = new UserInfo(name, uid, groups, extra);
        return options.UserRules.Count > 0 && Rules(options.UserRules, Variable(user)) is { } brokenUser
            ? Refuse($"error evaluating user info validation rule: {brokenUser}")
            : user;
    }

    private Outcome<string> Username(JsonObject claims)
    {
        var mapping = options.Username;
        if (mapping.Expression is { } expression)
        {
            if (!expression.Evaluate(claims).TryGet(out var value, out var failure) && failure is not null)
                return Refuse($"error evaluating username claim expression: {failure.Message}");
            if (value.AsText() is not { } text)
                return Refuse("error evaluating username claim expression: username claim expression must return a string");
            return text.Length == 0 ? Refuse("empty username via CEL expression is not allowed") : text;
        }
        if (Text(claims, mapping.Claim, out var name) is { } error)
            return Refuse($"parse username claims {GoText.Quote(mapping.Claim)}: {error}");
        if (mapping.Claim == "email" && claims.ContainsKey("email_verified"))
        {
            if (claims["email_verified"] is not { } given || given.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
                return Refuse($"parse 'email_verified' claim: {Mismatch(claims["email_verified"], "bool")}");
            if (given.GetValueKind() == JsonValueKind.False)
                return Refuse("email not verified");
        }
        return mapping.Prefix + name;
    }

    private Outcome<IReadOnlyList<string>> Groups(JsonObject claims)
    {
        if (options.Groups is not { } mapping)
            return Array.Empty<string>();
        if (mapping.Expression is { } expression)
        {
            var (values, error) = Texts(expression, claims);
            return error is null ? values.ToArray() : Refuse($"error evaluating group claim expression: {error}");
        }
        if (!claims.TryGetPropertyValue(mapping.Claim, out var claim))
            return Array.Empty<string>();
        // A claim like "role" is one group.
        if (claim.AsText() is { } one)
            return new[] { mapping.Prefix + one };
        if (claim is JsonArray list && list.All(g => g.AsText() is not null))
            return list.Select(g => mapping.Prefix + g.AsText()).ToArray();
        return Refuse($"parse groups claim {GoText.Quote(mapping.Claim)}: {Mismatch(claim, "string")}");
    }

    private Outcome<string> Uid(JsonObject claims)
    {
        if (options.Uid is not { } mapping)
            return "";
        if (mapping.Expression is { } expression)
        {
            if (!expression.Evaluate(claims).TryGet(out var value, out var failure) && failure is not null)
                return Refuse($"error evaluating uid claim expression: {failure.Message}");
            return value.AsText() is { } text ? text : Refuse("error evaluating uid claim expression: uid claim expression must return a string");
        }
        return Text(claims, mapping.Claim, out var uid) is { } error
            ? Refuse($"parse uid claim {GoText.Quote(mapping.Claim)}: {error}")
            : uid;
    }

    private Outcome<IReadOnlyDictionary<string, IReadOnlyList<string>>> Extra(JsonObject claims)
    {
        Dictionary<string, IReadOnlyList<string>> extra = [];
        if (claims.Text("jti") is { Length: > 0 } id)
            extra[ServiceAccountName.CredentialId] = [ServiceAccountName.CredentialOf(id)];
        foreach (var mapping in options.Extra)
        {
            var (values, error) = Texts(mapping.Expression, claims);
            if (error is not null)
                return Refuse($"error evaluating extra claim expression: {mapping.Expression.Text}: {error}");
            if (values.Count > 0)
                extra[mapping.Key] = values;
        }
        return extra;
    }

    private Status? RequiredClaims(JsonObject claims)
    {
        foreach (var (claim, wanted) in options.RequiredClaims)
        {
            if (!claims.ContainsKey(claim))
                return Refuse($"required claim {claim} not present in ID token");
            if (Text(claims, claim, out var value) is { } error)
                return Refuse($"parse claim {claim}: {error}");
            if (value != wanted)
                return Refuse($"required claim {claim} value does not match. Got = {value}, want = {wanted}");
        }
        return null;
    }

    /// <summary>The user with all its fields: expressions need not ask whether they are there.</summary>
    private static JsonObject Variable(UserInfo user)
    {
        var json = UserJson.Write(user);
        json.TryAdd("username", "");
        json.TryAdd("uid", "");
        json.TryAdd("groups", new JsonArray());
        json.TryAdd("extra", new JsonObject());
        return json;
    }

    private static string? Rules(IReadOnlyList<ValidationRule> rules, JsonObject variable)
    {
        foreach (var rule in rules)
        {
            if (!rule.Expression.Evaluate(variable).TryGet(out var value, out var failure) && failure is not null)
                return failure.Message;
            if (value is null || value.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
                return "validation expression must return a boolean";
            if (value.GetValueKind() == JsonValueKind.False)
                return $"validation expression '{rule.Expression.Text}' failed: {rule.Message}";
        }
        return null;
    }

    /// <summary>A text, a list of texts, or nothing; empty texts are nothing.</summary>
    private static (IReadOnlyList<string> Values, string? Error) Texts(IClaimExpression expression, JsonObject claims)
    {
        if (!expression.Evaluate(claims).TryGet(out var value, out var failure) && failure is not null)
            return ([], failure.Message);
        if (value is null)
            return ([], null);
        if (value.AsText() is { } one)
            return (one.Length == 0 ? [] : [one], null);
        return value is JsonArray list && list.All(v => v.AsText() is not null)
            ? ([.. list.Select(v => v.AsText()!).Where(v => v.Length > 0)], null)
            : ([], "expression must return a string or a list of strings");
    }

    private static string? Text(JsonObject claims, string name, out string value)
    {
        value = "";
        if (!claims.TryGetPropertyValue(name, out var claim))
            return "claim not present";
        // Go reads null as the empty text.
        if (claim is null)
            return null;
        if (claim.AsText() is not { } text)
            return Mismatch(claim, "string");
        value = text;
        return null;
    }

    private static string Mismatch(JsonNode? value, string type)
    {
        var kind = value?.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.Number => "number",
            JsonValueKind.True or JsonValueKind.False => "bool",
            JsonValueKind.Array => "array",
            _ => "object",
        };
        return $"json: cannot unmarshal {kind} into Go value of type {type}";
    }

    private static Status Refuse(string message) => Status.Unauthorized("oidc: " + message);
}

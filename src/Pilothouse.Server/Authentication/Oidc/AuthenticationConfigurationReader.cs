using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Server.Authentication.Tokens;
using Pilothouse.Server.Webhooks;

namespace Pilothouse.Server.Authentication.Oidc;

/// <summary>
/// Reads and checks an AuthenticationConfiguration: everything that is wrong, with upstream's paths and words.
/// </summary>
public sealed class AuthenticationConfigurationReader
{
    private const int MaxAuthenticators = 64;

    private readonly IClaimExpressionCompiler _compiler;
    private readonly IReadOnlyList<string> _disallowedIssuers;
    private readonly List<string> _unknown = [];
    private readonly List<FieldError> _errors = [];

    private AuthenticationConfigurationReader(IClaimExpressionCompiler compiler, IReadOnlyList<string> disallowedIssuers) =>
        (_compiler, _disallowedIssuers) = (compiler, disallowedIssuers);

    /// <param name="yaml">YAML or JSON.</param>
    /// <param name="compiler">For its expressions.</param>
    /// <param name="disallowedIssuers">Our own: nobody else may make tokens in their name.</param>
    /// <returns>The configuration, or all that is wrong as one message.</returns>
    public static Outcome<AuthenticationConfiguration> Parse(
        ReadOnlySpan<byte> yaml, IClaimExpressionCompiler compiler, IReadOnlyList<string> disallowedIssuers)
    {
        if (!Yaml.ToJson(yaml, out var duplicate).TryGet(out var json, out var failure))
            return failure;
        if (duplicate is not null)
            return Status.BadRequest($"strict decoding error: {duplicate}");
        if (ForeignJson.Read(json) is not { } root)
            return Status.BadRequest("it is no AuthenticationConfiguration");
        if (root.Text("kind") != "AuthenticationConfiguration"
            || root.Text("apiVersion") is not ("apiserver.config.k8s.io/v1" or "apiserver.config.k8s.io/v1beta1" or "apiserver.config.k8s.io/v1alpha1"))
        {
            return Status.BadRequest(
                $"no kind {GoText.Quote(root.Text("kind") ?? "")} is registered for version {GoText.Quote(root.Text("apiVersion") ?? "")}");
        }
        var reader = new AuthenticationConfigurationReader(compiler, disallowedIssuers);
        var configuration = reader.Read(root);
        if (reader._unknown.Count > 0)
            return Status.BadRequest($"strict decoding error: {string.Join(", ", reader._unknown.Select(u => $"unknown field {GoText.Quote(u)}"))}");
        return reader._errors.Count == 0
            ? configuration
            : Status.BadRequest(GoErrors.Aggregate([.. reader._errors.Select(e => e.ToString())]));
    }

    private AuthenticationConfiguration Read(JsonObject root)
    {
        Known(root, "", "kind", "apiVersion", "jwt", "anonymous");
        var given = root.Objects("jwt").ToList();
        if (given.Count > MaxAuthenticators)
        {
            _errors.Add(FieldError.TooMany("jwt", given.Count, MaxAuthenticators));
            return new();
        }
        List<JwtAuthenticatorOptions> jwt = [];
        HashSet<string> discoveries = [];
        foreach (var (index, authenticator) in given.Index())
        {
            var path = $"jwt[{index}]";
            var options = Authenticator(authenticator, path);
            if (jwt.Exists(j => j.IssuerUrl == options.IssuerUrl))
                _errors.Add(FieldError.Duplicate($"{path}.issuer.url", options.IssuerUrl));
            if (options.DiscoveryUrl.Length > 0 && !discoveries.Add(options.DiscoveryUrl))
                _errors.Add(FieldError.Duplicate($"{path}.issuer.discoveryURL", options.DiscoveryUrl));
            jwt.Add(options);
        }
        return new() { Jwt = jwt, Anonymous = root.Object("anonymous") is { } anonymous ? Anonymous(anonymous) : null };
    }

    private AnonymousOptions Anonymous(JsonObject given)
    {
        Known(given, "anonymous", "enabled", "conditions");
        var enabled = given.Flag("enabled") == true;
        List<string> paths = [];
        foreach (var (index, condition) in given.Objects("conditions").Index())
        {
            Known(condition, $"anonymous.conditions[{index}]", "path");
            paths.Add(condition.Text("path") ?? "");
        }
        if (!enabled && paths.Count > 0)
        {
            FormattableString shown = $"[{string.Join(' ', paths.Select(p => $"{{{p}}}"))}]";
            _errors.Add(FieldError.Invalid("anonymous.conditions", shown, "enabled should be set to true when conditions are defined"));
        }
        return new(enabled, paths);
    }

    private JwtAuthenticatorOptions Authenticator(JsonObject given, string path)
    {
        Known(given, path, "issuer", "claimValidationRules", "claimMappings", "userValidationRules");
        var issuer = given.Object("issuer") ?? [];
        Known(issuer, $"{path}.issuer", "url", "discoveryURL", "certificateAuthority", "audiences", "audienceMatchPolicy", "egressSelectorType");
        var url = issuer.Text("url") ?? "";
        var discovery = issuer.Text("discoveryURL") ?? "";
        CheckIssuer(issuer, url, discovery, $"{path}.issuer");
        var (required, rules) = ClaimRules(given, $"{path}.claimValidationRules");
        var mappings = given.Object("claimMappings") ?? [];
        Known(mappings, $"{path}.claimMappings", "username", "groups", "uid", "extra");
        var options = new JwtAuthenticatorOptions
        {
            IssuerUrl = url,
            DiscoveryUrl = discovery,
            CertificateAuthority = issuer.Text("certificateAuthority") ?? "",
            Audiences = [.. (issuer.List("audiences") ?? []).Select(a => a.AsText() ?? "")],
            RequiredClaims = required,
            ClaimRules = rules,
            Username = Mapping(mappings.Object("username"), $"{path}.claimMappings.username", isRequired: true, hasPrefix: true) ?? new(),
            Groups = Mapping(mappings.Object("groups"), $"{path}.claimMappings.groups", isRequired: false, hasPrefix: true),
            Uid = Mapping(mappings.Object("uid"), $"{path}.claimMappings.uid", isRequired: false, hasPrefix: false),
            Extra = Extra(mappings, $"{path}.claimMappings.extra"),
            UserRules = UserRules(given, $"{path}.userValidationRules"),
        };
        CheckEmail(options, path);
        return options;
    }

    /// <summary>An address that nobody has verified is anybody's.</summary>
    private void CheckEmail(JwtAuthenticatorOptions options, string path)
    {
        if (options.Username.Expression is not { } username || !Uses(username, "email"))
            return;
        var others = options.ClaimRules.Select(r => r.Expression).Concat(options.Extra.Select(e => e.Expression)).Append(username);
        if (!others.Any(e => Uses(e, "email_verified")))
        {
            _errors.Add(FieldError.Invalid($"{path}.claimMappings.username.expression", username.Text,
                "claims.email_verified must be used in claimMappings.username.expression or claimMappings.extra[*].valueExpression or claimValidationRules[*].expression when claims.email is used in claimMappings.username.expression"));
        }
    }

    private static bool Uses(IClaimExpression expression, string claim)
    {
        foreach (var access in (string[])["claims.", "claims.?"])
        {
            var name = access + claim;
            for (var at = 0; (at = expression.Text.IndexOf(name, at, StringComparison.Ordinal)) >= 0; at += name.Length)
            {
                var end = at + name.Length;
                if (end == expression.Text.Length || !(char.IsAsciiLetterOrDigit(expression.Text[end]) || expression.Text[end] == '_'))
                    return true;
            }
        }
        return false;
    }

    private void CheckIssuer(JsonObject issuer, string url, string discovery, string path)
    {
        if (url.Length == 0)
            _errors.Add(FieldError.Required($"{path}.url"));
        else
            CheckUrl(url, $"{path}.url", _disallowedIssuers);
        if (discovery.Length > 0)
        {
            if (url.TrimEnd('/') == discovery.TrimEnd('/'))
                _errors.Add(FieldError.Invalid($"{path}.discoveryURL", discovery, "discoveryURL must be different from URL"));
            CheckUrl(discovery, $"{path}.discoveryURL", []);
        }
        CheckAudiences([.. (issuer.List("audiences") ?? []).Select(a => a.AsText() ?? "")], issuer.Text("audienceMatchPolicy") ?? "", path);
        if (issuer.Text("certificateAuthority") is { Length: > 0 } pem
            && WebhookTarget.ReadAuthorities(System.Text.Encoding.UTF8.GetBytes(pem)).Failure is not null)
        {
            _errors.Add(FieldError.Invalid($"{path}.certificateAuthority", "<omitted>", "data does not contain any valid RSA or ECDSA certificates"));
        }
        if (issuer.Text("egressSelectorType") is { Length: > 0 } egress)
            _errors.Add(FieldError.Invalid($"{path}.egressSelectorType", egress, "egress selectors are not supported by this server"));
    }

    private void CheckUrl(string url, string path, IReadOnlyList<string> disallowed)
    {
        if (disallowed.Contains(url))
        {
            _errors.Add(FieldError.Invalid(
                path, url, $"URL must not overlap with disallowed issuers: [{string.Join(' ', disallowed.Order(StringComparer.Ordinal))}]"));
        }
        if (!Uri.TryCreate(url, UriKind.RelativeOrAbsolute, out var parsed))
        {
            _errors.Add(FieldError.Invalid(path, url, $"parse {GoText.Quote(url)}: invalid URL"));
            return;
        }
        if (!parsed.IsAbsoluteUri || parsed.Scheme != Uri.UriSchemeHttps)
            _errors.Add(FieldError.Invalid(path, url, "URL scheme must be https"));
        if (!parsed.IsAbsoluteUri)
            return;
        if (parsed.UserInfo.Length > 0)
            _errors.Add(FieldError.Invalid(path, url, "URL must not contain a username or password"));
        if (parsed.Query.Length > 1)
            _errors.Add(FieldError.Invalid(path, url, "URL must not contain a query"));
        if (parsed.Fragment.Length > 1)
            _errors.Add(FieldError.Invalid(path, url, "URL must not contain a fragment"));
    }

    private void CheckAudiences(List<string> audiences, string policy, string path)
    {
        if (audiences.Count == 0)
        {
            _errors.Add(FieldError.Required($"{path}.audiences", $"at least one {path}.audiences is required"));
            return;
        }
        foreach (var (index, audience) in audiences.Index())
        {
            if (audience.Length == 0)
                _errors.Add(FieldError.Required($"{path}.audiences[{index}]"));
            if (audiences.IndexOf(audience) < index)
                _errors.Add(FieldError.Duplicate($"{path}.audiences[{index}]", audience));
        }
        if (audiences.Count > 1 && policy != "MatchAny")
            _errors.Add(FieldError.Invalid($"{path}.audienceMatchPolicy", policy, "audienceMatchPolicy must be MatchAny for multiple audiences"));
        else if (policy is not ("" or "MatchAny"))
            _errors.Add(FieldError.Invalid($"{path}.audienceMatchPolicy", policy, "audienceMatchPolicy must be empty or MatchAny for single audience"));
    }

    private (Dictionary<string, string> Required, List<ValidationRule> Rules) ClaimRules(JsonObject given, string path)
    {
        Dictionary<string, string> required = [];
        List<ValidationRule> rules = [];
        foreach (var (index, rule) in given.Objects("claimValidationRules").Index())
        {
            var at = $"{path}[{index}]";
            Known(rule, at, "claim", "requiredValue", "expression", "message");
            var (claim, expression, message) = (rule.Text("claim") ?? "", rule.Text("expression") ?? "", rule.Text("message") ?? "");
            if (claim.Length > 0 && expression.Length > 0)
            {
                _errors.Add(FieldError.Invalid(at, claim, "claim and expression can't both be set"));
            }
            else if (claim.Length > 0)
            {
                if (message.Length > 0)
                    _errors.Add(FieldError.Invalid($"{at}.message", message, "may not be specified when claim is set"));
                if (!required.TryAdd(claim, rule.Text("requiredValue") ?? ""))
                    _errors.Add(FieldError.Duplicate($"{at}.claim", claim));
            }
            else if (expression.Length > 0)
            {
                if (rule.Text("requiredValue") is { Length: > 0 } value)
                    _errors.Add(FieldError.Invalid($"{at}.requiredValue", value, "may not be specified when expression is set"));
                if (rules.Exists(r => r.Expression.Text == expression))
                    _errors.Add(FieldError.Duplicate($"{at}.expression", expression));
                else if (Compile(_compiler.CompileClaims(expression, mustBeBool: true), expression, $"{at}.expression") is { } compiled)
                    rules.Add(new(compiled, message));
            }
            else
            {
                _errors.Add(FieldError.Required(at, "claim or expression is required"));
            }
        }
        return (required, rules);
    }

    private ClaimMapping? Mapping(JsonObject? given, string path, bool isRequired, bool hasPrefix)
    {
        if (given is not null)
            Known(given, path, hasPrefix ? ["claim", "prefix", "expression"] : ["claim", "expression"]);
        var (claim, expression, prefix) = (given?.Text("claim") ?? "", given?.Text("expression") ?? "", given?.Text("prefix"));
        if (claim.Length > 0 && expression.Length > 0)
        {
            _errors.Add(FieldError.Invalid(path, "", "claim and expression can't both be set"));
            return null;
        }
        if (expression.Length > 0)
        {
            if (prefix is not null)
                _errors.Add(FieldError.Invalid($"{path}.prefix", prefix, "may not be specified when expression is set"));
            return Compile(_compiler.CompileClaims(expression, mustBeBool: false), expression, $"{path}.expression") is { } compiled
                ? new() { Expression = compiled }
                : null;
        }
        if (claim.Length > 0)
        {
            if (hasPrefix && prefix is null)
                _errors.Add(FieldError.Required($"{path}.prefix", "prefix is required when claim is set. It can be set to an empty string to disable prefixing"));
            return new() { Claim = claim, Prefix = prefix ?? "" };
        }
        if (isRequired)
            _errors.Add(FieldError.Required(path, "claim or expression is required"));
        return null;
    }

    private List<ExtraMapping> Extra(JsonObject mappings, string path)
    {
        List<ExtraMapping> extra = [];
        foreach (var (index, given) in mappings.Objects("extra").Index())
        {
            var at = $"{path}[{index}]";
            Known(given, at, "key", "valueExpression");
            var key = given.Text("key") ?? "";
            var slash = key.IndexOf('/', StringComparison.Ordinal);
            var domain = slash < 0 ? "" : key[..slash];
            if (key.Length == 0)
                _errors.Add(FieldError.Required($"{at}.key"));
            else if (slash <= 0 || slash == key.Length - 1)
                _errors.Add(FieldError.Invalid($"{at}.key", key, "must be a domain-prefixed path (such as \"acme.io/foo\")"));
            if (key.Any(char.IsAsciiLetterUpper))
                _errors.Add(FieldError.Invalid($"{at}.key", key, "must be lowercase"));
            if (domain is "kubernetes.io" or "k8s.io" || domain.EndsWith(".kubernetes.io", StringComparison.Ordinal) || domain.EndsWith(".k8s.io", StringComparison.Ordinal))
                _errors.Add(FieldError.Invalid($"{at}.key", key, "k8s.io, kubernetes.io and their subdomains are reserved for Kubernetes use"));
            var expression = given.Text("valueExpression") ?? "";
            if (extra.Exists(e => e.Key == key))
                _errors.Add(FieldError.Duplicate($"{at}.key", key));
            else if (expression.Length == 0)
                _errors.Add(FieldError.Required($"{at}.valueExpression"));
            else if (Compile(_compiler.CompileClaims(expression, mustBeBool: false), expression, $"{at}.valueExpression") is { } compiled)
                extra.Add(new(key, compiled));
        }
        return extra;
    }

    private List<ValidationRule> UserRules(JsonObject given, string path)
    {
        List<ValidationRule> rules = [];
        foreach (var (index, rule) in given.Objects("userValidationRules").Index())
        {
            var at = $"{path}[{index}].expression";
            Known(rule, $"{path}[{index}]", "expression", "message");
            var expression = rule.Text("expression") ?? "";
            if (expression.Length == 0)
                _errors.Add(FieldError.Required(at));
            else if (rules.Exists(r => r.Expression.Text == expression))
                _errors.Add(FieldError.Duplicate(at, expression));
            else if (Compile(_compiler.CompileUser(expression), expression, at) is { } compiled)
                rules.Add(new(compiled, rule.Text("message") ?? ""));
        }
        return rules;
    }

    private IClaimExpression? Compile(Outcome<IClaimExpression> outcome, string text, string path)
    {
        if (outcome.TryGet(out var compiled, out var failure))
            return compiled;
        _errors.Add(FieldError.Invalid(path, text, failure.Message));
        return null;
    }

    private void Known(JsonObject given, string path, params string[] names)
    {
        foreach (var (name, _) in given)
        {
            if (!names.Contains(name))
                _unknown.Add(path.Length == 0 ? name : $"{path}.{name}");
        }
    }
}

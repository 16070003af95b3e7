using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Secrets: plain text is taken over into the data, and is never kept itself.</summary>
internal sealed class SecretRules : KindRules
{
    private const string AccountName = "kubernetes.io/service-account.name";

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        DataKeys.Validate(obj, "data", "", errors);
        var data = obj.Object("data");
        if (DataKeys.SizeOf(data, base64: true) > DataKeys.MaxSize)
            errors.TooLong(FieldPath.Of("data"), DataKeys.MaxSize);
        switch (obj.Text("type"))
        {
            case "kubernetes.io/service-account-token":
                if (string.IsNullOrEmpty(obj.Object("metadata").Object("annotations")?.Text(AccountName)))
                    errors.Add(FieldError.Required($"metadata.annotations[{AccountName}]"));
                break;
            case "kubernetes.io/dockercfg":
                RequireJson(data, ".dockercfg", errors);
                break;
            case "kubernetes.io/dockerconfigjson":
                RequireJson(data, ".dockerconfigjson", errors);
                break;
            case "kubernetes.io/basic-auth" when data?.ContainsKey("username") != true && data?.ContainsKey("password") != true:
                Require(data, "username", errors);
                Require(data, "password", errors);
                break;
            case "kubernetes.io/ssh-auth":
                if (string.IsNullOrEmpty(data?.Text("ssh-privatekey")))
                    errors.Required(FieldPath.Of("data").Key("ssh-privatekey"));
                break;
            case "kubernetes.io/tls":
                Require(data, "tls.crt", errors);
                Require(data, "tls.key", errors);
                break;
        }
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if (obj.Text("type") != old.Text("type"))
            errors.Add(FieldError.Invalid("type", obj.Text("type") ?? "", "field is immutable"));
        DataKeys.ValidateImmutable(obj, old, errors, "data");
        Validate(context, obj, errors);
    }

    private static void Require(JsonObject? data, string key, FieldErrors errors)
    {
        if (data?.ContainsKey(key) != true)
            errors.Add(FieldError.Required($"data[{key}]"));
    }

    private static void RequireJson(JsonObject? data, string key, FieldErrors errors)
    {
        if (data?.ContainsKey(key) != true)
        {
            errors.Required(FieldPath.Of("data").Key(key));
            return;
        }
        var text = data.Text(key) ?? "";
        var json = new byte[text.Length];
        var fault = !Convert.TryFromBase64String(text, json, out var length) ? null
            : GoJson.Check(json.AsSpan(0, length)) ?? FaultOfKind(json.AsSpan(0, length).TrimStart(" \t\r\n"u8));
        if (fault is not null)
            errors.Invalid(FieldPath.Of("data").Key(key), "<secret contents redacted>", fault);
    }

    private static string? FaultOfKind(ReadOnlySpan<byte> json)
    {
        var kind = json[0] switch
        {
            (byte)'{' or (byte)'n' => null,
            (byte)'[' => "array",
            (byte)'"' => "string",
            (byte)'t' or (byte)'f' => "bool",
            _ => "number",
        };
        return kind is null ? null : $"json: cannot unmarshal {kind} into Go value of type map[string]interface {{}}";
    }

    /// <summary>Turns <c>stringData</c> into <c>data</c>.</summary>
    internal static void TakeOverText(JsonObject obj)
    {
        if (obj.Object("stringData") is not { } texts)
            return;
        if (texts.Count > 0)
        {
            var data = obj.ObjectOrNew("data");
            foreach (var (name, text) in texts)
                data[name] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text.AsText() ?? ""));
        }
        obj.Remove("stringData");
    }
}

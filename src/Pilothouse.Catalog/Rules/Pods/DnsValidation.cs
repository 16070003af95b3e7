using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>How a pod resolves names, and what it is called itself.</summary>
internal static class DnsValidation
{
    // What the C library of Linux can take.
    private const int MaxNameservers = 3;
    private const int MaxSearches = 32;
    private const int MaxSearchCharacters = 2048;
    private const int MaxHostName = 64;

    public static void ValidateConfig(JsonObject spec, FieldPath pod, FieldErrors errors)
    {
        var path = pod.Child("dnsConfig");
        var config = spec.Object("dnsConfig");
        var servers = config.List("nameservers");
        if (spec.Text("dnsPolicy") == "None")
        {
            if (config is null)
            {
                errors.Required(path, "must provide `dnsConfig` when `dnsPolicy` is None");
                return;
            }
            if (servers is not { Count: > 0 })
            {
                errors.Required(path.Child("nameservers"), "must provide at least one DNS nameserver when `dnsPolicy` is None");
                return;
            }
        }
        if (config is null)
            return;
        if (servers?.Count > MaxNameservers)
            errors.Invalid(path.Child("nameservers"), GoJsonText.Show(servers), $"must not have more than {MaxNameservers} nameservers");
        for (var i = 0; i < (servers?.Count ?? 0); i++)
        {
            var address = servers![i].AsText() ?? "";
            errors.InvalidEach(path.Child("nameservers").Index(i), address, IpFormats.LegacyAddress(address));
        }
        ValidateSearches(config.List("searches"), path.Child("searches"), errors);
        var options = config.List("options");
        for (var i = 0; i < (options?.Count ?? 0); i++)
        {
            if (string.IsNullOrEmpty((options![i] as JsonObject)?.Text("name")))
                errors.Required(path.Child("options").Index(i), "must not be empty");
        }
    }

    public static void ValidateHostAliases(JsonArray aliases, FieldPath path, FieldErrors errors)
    {
        for (var i = 0; i < aliases.Count; i++)
        {
            var alias = aliases[i] as JsonObject ?? [];
            var address = alias.Text("ip") ?? "";
            errors.InvalidEach(path.Index(i), "ip", address, IpFormats.LegacyAddress(address));
            var names = alias.List("hostnames");
            for (var j = 0; j < (names?.Count ?? 0); j++)
            {
                var name = names![j].AsText() ?? "";
                errors.InvalidEach(path.Index(i).Child("hostnames").Index(j), name, NameFormats.DnsSubdomain(name));
            }
        }
    }

    /// <summary>A name in place of the one that a pod would have (KEP-4762).</summary>
    public static void ValidateHostName(JsonObject spec, FieldPath pod, FieldErrors errors)
    {
        if (spec.Text("hostnameOverride") is not { } name)
            return;
        var path = pod.Child("hostnameOverride");
        if (spec.Flag("setHostnameAsFQDN") == true)
            errors.Forbidden(path, "may not be specified when setHostnameAsFQDN is true");
        if (spec.Flag("hostNetwork") == true)
            errors.Forbidden(path, "may not be specified when hostNetwork is true");
        if (Encoding.UTF8.GetByteCount(name) > MaxHostName)
            errors.TooLong(path, MaxHostName);
        errors.InvalidEach(path, name, NameFormats.DnsSubdomain(name));
    }

    private static void ValidateSearches(JsonArray? searches, FieldPath path, FieldErrors errors)
    {
        if (searches is not { Count: > 0 })
            return;
        if (searches.Count > MaxSearches)
            errors.Invalid(path, GoJsonText.Show(searches), $"must not have more than {MaxSearches} search paths");
        // The spaces between them count.
        if (searches.Sum(s => Encoding.UTF8.GetByteCount(s.AsText() ?? "")) + searches.Count - 1 > MaxSearchCharacters)
        {
            errors.Invalid(path, GoJsonText.Show(searches),
                $"must not have more than {MaxSearchCharacters} characters (including spaces) in the search list");
        }
        for (var i = 0; i < searches.Count; i++)
        {
            var search = searches[i].AsText() ?? "";
            if (search == ".")
                continue;
            search = search.EndsWith('.') ? search[..^1] : search;
            errors.InvalidEach(path.Index(i), search, FieldFormats.SubdomainWithUnderscores(search));
        }
    }
}

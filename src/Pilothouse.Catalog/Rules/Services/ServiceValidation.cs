using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>What a service must say, in upstream's order.</summary>
internal static class ServiceValidation
{
    private const string HintsAnnotation = "service.kubernetes.io/topology-aware-hints";
    private const string ModeAnnotation = "service.kubernetes.io/topology-mode";
    private const string RangesAnnotation = "service.beta.kubernetes.io/load-balancer-source-ranges";
    private const string OnlyForLoadBalancers = "may only be used when `type` is 'LoadBalancer'";
    private const int MaxAffinitySeconds = 86_400;

    private static readonly FieldPath Ports = FieldPath.Spec.Child("ports");
    private static readonly FieldPath BalancerClass = FieldPath.Spec.Child("loadBalancerClass");

    private static readonly string[] Types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
    private static readonly string[] Distributions = ["PreferClose", "PreferSameZone", "PreferSameNode"];

    public static void Validate(JsonObject obj, JsonObject? old, FieldErrors errors)
    {
        var spec = obj.Object("spec") ?? [];
        var before = old.Object("spec");
        var annotations = obj.Object("metadata").Object("annotations");
        if (annotations?.Text(ModeAnnotation) is { } mode && annotations.Text(HintsAnnotation) is { } hints && mode != hints)
        {
            errors.Invalid(FieldPath.Metadata.Child("annotations").Key(ModeAnnotation), mode,
                $"must match annotations[{HintsAnnotation}] when both are specified");
        }
        var type = spec.Word("type");
        var headless = ServiceAddressValidation.IsHeadless(spec);
        ValidateType(spec, type, headless, errors);
        ValidatePorts(spec, errors);
        LabelSelectorValidation.ValidateLabels(spec.Object("selector"), FieldPath.Spec.Child("selector"), errors);
        ValidateAffinity(spec, errors);
        ServiceAddressValidation.Validate(spec, before, errors);
        var known = before.Texts("externalIPs").ToHashSet(StringComparer.Ordinal);
        foreach (var (i, address) in spec.Words("externalIPs"))
        {
            var path = FieldPath.Spec.Child("externalIPs").Index(i);
            var faults = known.Contains(address) ? [] : IpFormats.LegacyAddress(address);
            errors.InvalidEach(path, address, faults.Count > 0 ? faults : IpFormats.Endpoint(address));
        }
        if (type.Length == 0)
            errors.Required(FieldPath.Spec.Child("type"));
        else if (!Types.Contains(type))
            errors.NotSupported(FieldPath.Spec.Child("type"), type, Types);
        ValidatePortNumbers(spec, type, errors);
        ValidateSourceRanges(spec, type, annotations, old, errors);
        if (spec.ContainsKey("allocateLoadBalancerNodePorts") && type != "LoadBalancer")
            errors.Forbidden(FieldPath.Spec.Child("allocateLoadBalancerNodePorts"), OnlyForLoadBalancers);
        if (type == "LoadBalancer" && !spec.ContainsKey("allocateLoadBalancerNodePorts"))
            errors.Required(FieldPath.Of("allocateLoadBalancerNodePorts"));
        ValidateClass(spec, null, errors);
        ValidateTraffic(spec, type, errors);
    }

    /// <summary>What an update may not change; upstream says this before everything else.</summary>
    public static void ValidateChange(JsonObject spec, JsonObject old, FieldErrors errors)
    {
        ServiceAddressValidation.ValidateChange(spec, old, errors);
        ValidateClass(spec, old, errors);
        if (ServiceFields.NeedsHealthCheckPort(old) && ServiceFields.NeedsHealthCheckPort(spec)
            && (spec.Integer("healthCheckNodePort") ?? 0) != (old.Integer("healthCheckNodePort") ?? 0))
        {
            errors.Forbidden(FieldPath.Spec.Child("healthCheckNodePort"), FieldErrorWriting.Immutable);
        }
    }

    private static void ValidateType(JsonObject spec, string type, bool headless, FieldErrors errors)
    {
        if (spec.CountOf("ports") == 0 && !headless && type != "ExternalName")
            errors.Required(Ports);
        switch (type)
        {
            case "LoadBalancer" or "NodePort":
                if (headless)
                    errors.Invalid(FieldPath.Spec.Child("clusterIPs").Index(0), ServiceFields.Headless, $"may not be set to 'None' for {type} services");
                break;
            case "ExternalName":
                const string NotForNames = "may not be set for ExternalName services";
                if (spec.CountOf("clusterIPs") > 0)
                    errors.Forbidden(FieldPath.Spec.Child("clusterIPs"), NotForNames);
                if (spec.CountOf("ipFamilies") > 0)
                    errors.Forbidden(FieldPath.Spec.Child("ipFamilies"), NotForNames);
                if (spec.ContainsKey("ipFamilyPolicy"))
                    errors.Forbidden(FieldPath.Spec.Child("ipFamilyPolicy"), NotForNames);
                var name = spec.Word("externalName");
                if (name.EndsWith('.'))
                    name = name[..^1];
                if (name.Length > 0)
                    errors.InvalidEach(FieldPath.Spec, "externalName", name, NameFormats.DnsSubdomain(name));
                else
                    errors.Required(FieldPath.Spec.Child("externalName"));
                break;
        }
    }

    private static void ValidatePorts(JsonObject spec, FieldErrors errors)
    {
        var many = spec.CountOf("ports") > 1;
        HashSet<string>? names = null;
        foreach (var (i, port) in spec.Items("ports"))
        {
            var path = Ports.Index(i);
            var name = port.Word("name");
            if (name.Length > 0)
            {
                errors.InvalidEach(path, "name", name, NameFormats.DnsLabel(name));
                if (!(names ??= []).Add(name))
                    errors.Duplicate(path.Child("name"), name);
            }
            else if (many)
            {
                errors.Required(path.Child("name"));
            }
            var number = port.Integer("port") ?? 0;
            errors.InvalidEach(path.Child("port"), number, FieldFormats.PortNumber(number));
            PortFields.ValidateProtocol(port, path, errors);
            PortFields.ValidateNumberOrName(port["targetPort"], path.Child("targetPort"), errors);
            if (port.Text("appProtocol") is { } application)
                errors.InvalidEach(path, "appProtocol", application, NameFormats.QualifiedName(application));
        }
    }

    private static void ValidateAffinity(JsonObject spec, FieldErrors errors)
    {
        var affinity = spec.Word("sessionAffinity");
        var path = FieldPath.Spec.Child("sessionAffinityConfig");
        var config = spec.Object("sessionAffinityConfig");
        switch (affinity)
        {
            case "":
                errors.Required(FieldPath.Spec.Child("sessionAffinity"));
                break;
            case "ClientIP":
                const string Needed = "when session affinity type is ClientIP";
                if (config is null)
                    errors.Required(path, Needed);
                else if (config.Object("clientIP") is not { } client)
                    errors.Required(path.Child("clientIP"), Needed);
                else if (client.Integer("timeoutSeconds") is not { } timeout)
                    errors.Required(path.Child("clientIP", "timeoutSeconds"), Needed);
                else if (timeout is <= 0 or > MaxAffinitySeconds)
                    errors.Invalid(path.Child("clientIP", "timeoutSeconds"), timeout, $"must be greater than 0 and less than {MaxAffinitySeconds}");
                break;
            case "None":
                if (config is not null)
                    errors.Forbidden(path, "must not be set when session affinity is None");
                break;
            default:
                errors.NotSupported(FieldPath.Spec.Child("sessionAffinity"), affinity, "ClientIP", "None");
                break;
        }
    }

    private static void ValidatePortNumbers(JsonObject spec, string type, FieldErrors errors)
    {
        if (type == "ClusterIP")
        {
            foreach (var (i, port) in spec.Items("ports"))
            {
                if ((port.Integer("nodePort") ?? 0) != 0)
                    errors.Forbidden(Ports.Index(i).Child("nodePort"), "may not be used when `type` is 'ClusterIP'");
            }
        }
        if (spec.CountOf("ports") < 2)
            return;
        var seen = new HashSet<(string, long)>();
        foreach (var (i, port) in spec.Items("ports"))
        {
            if (port.Integer("nodePort") is { } number and not 0 && !seen.Add((port.Word("protocol"), number)))
                errors.Duplicate(Ports.Index(i).Child("nodePort"), number);
        }
        seen.Clear();
        foreach (var (i, port) in spec.Items("ports"))
        {
            if (seen.Add((port.Word("protocol"), port.Integer("port") ?? 0)))
                continue;
            var shown = new JsonObject { ["protocol"] = port.Word("protocol"), ["port"] = port.Integer("port") ?? 0 };
            errors.Duplicate(Ports.Index(i), InternalForm.Show(shown, "ServicePort"));
        }
    }

    private static void ValidateSourceRanges(JsonObject spec, string type, JsonObject? annotations, JsonObject? old, FieldErrors errors)
    {
        if (spec.CountOf("loadBalancerSourceRanges") > 0)
        {
            // The path has upstream's capital letter.
            var path = FieldPath.Spec.Child("LoadBalancerSourceRanges");
            if (type != "LoadBalancer")
                errors.Forbidden(path, OnlyForLoadBalancers);
            HashSet<string>? known = null;
            foreach (var (_, range) in old.Object("spec").Words("loadBalancerSourceRanges"))
                (known ??= []).Add(range.Trim());
            foreach (var (i, range) in spec.Words("loadBalancerSourceRanges"))
            {
                var value = range.Trim();
                if (known?.Contains(value) != true)
                    errors.InvalidEach(path.Index(i), value, IpFormats.LegacyCidr(value));
            }
            return;
        }
        if (annotations?.Text(RangesAnnotation) is not { } annotated)
            return;
        var at = FieldPath.Metadata.Child("annotations").Key(RangesAnnotation);
        if (type != "LoadBalancer")
            errors.Forbidden(at, OnlyForLoadBalancers);
        if (annotated.AsSpan().Trim().IsEmpty || old.Object("metadata").Object("annotations")?.Text(RangesAnnotation) == annotated)
            return;
        foreach (var range in annotated.Split(','))
        {
            var value = range.Trim();
            errors.InvalidEach(at, value, IpFormats.LegacyCidr(value));
        }
    }

    private static void ValidateClass(JsonObject spec, JsonObject? old, FieldErrors errors)
    {
        var isBalancer = ServiceFields.Type(spec) == "LoadBalancer";
        var name = spec.Text("loadBalancerClass");
        if (old is not null && isBalancer && ServiceFields.Type(old) == "LoadBalancer" && name != old.Text("loadBalancerClass"))
            errors.Invalid(BalancerClass, name, "may not change once set");
        if (name is null)
            return;
        if (isBalancer)
            errors.InvalidEach(BalancerClass, name, NameFormats.QualifiedName(name));
        else
            errors.Forbidden(BalancerClass, OnlyForLoadBalancers);
    }

    private static void ValidateTraffic(JsonObject spec, string type, FieldErrors errors)
    {
        var external = spec.Word("externalTrafficPolicy");
        var path = FieldPath.Spec.Child("externalTrafficPolicy");
        if (!ServiceFields.TakesExternalTraffic(spec))
        {
            if (external.Length > 0)
                errors.Invalid(path, external, "may only be set for externally-accessible services");
        }
        else if (external.Length == 0)
        {
            errors.Required(path);
        }
        else if (external is not ("Cluster" or "Local"))
        {
            errors.NotSupported(path, external, "Cluster", "Local");
        }

        var check = spec.Integer("healthCheckNodePort") ?? 0;
        var at = FieldPath.Spec.Child("healthCheckNodePort");
        if (ServiceFields.NeedsHealthCheckPort(spec))
        {
            if (check == 0)
                errors.Required(at);
            else
                errors.InvalidEach(at, check, FieldFormats.PortNumber(check));
        }
        else if (check != 0)
        {
            errors.Invalid(at, check, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
        }

        var @internal = spec.Text("internalTrafficPolicy");
        if (@internal is null && type is ("NodePort" or "LoadBalancer" or "ClusterIP"))
            errors.Required(FieldPath.Spec.Child("internalTrafficPolicy"));
        else if (@internal is not null && @internal is not ("Cluster" or "Local"))
            errors.NotSupported(FieldPath.Spec.Child("internalTrafficPolicy"), @internal, "Cluster", "Local");
        if (spec.Text("trafficDistribution") is { } distribution && !Distributions.Contains(distribution))
            errors.NotSupported(FieldPath.Spec.Child("trafficDistribution"), distribution, Distributions);
    }
}

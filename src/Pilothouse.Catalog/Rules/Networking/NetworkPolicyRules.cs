using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Network policies. Networks that an old policy has may stay as they are, wherever in the new one.</summary>
internal sealed class NetworkPolicyRules : KindRules
{
    public override bool KeepsGeneration => true;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors) =>
        ValidateSpec(obj.Object("spec") ?? [], [], false, errors);

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        var known = new HashSet<string>();
        var before = old.Object("spec");
        foreach (var (rules, peers) in (ReadOnlySpan<(string, string)>)[("ingress", "from"), ("egress", "to")])
        {
            foreach (var (_, rule) in before.Items(rules))
            {
                foreach (var (_, peer) in rule.Items(peers))
                {
                    if (peer.Object("ipBlock") is not { } block)
                        continue;
                    known.Add(block.Word("cidr"));
                    foreach (var (_, except) in block.Words("except"))
                        known.Add(except);
                }
            }
        }
        var wrong = new FieldErrors();
        LabelSelectorValidation.Validate(before.Object("podSelector"), FieldPath.Spec, wrong);
        ValidateSpec(obj.Object("spec") ?? [], known, wrong.Any, errors);
    }

    public override void Warn(WriteContext context, JsonObject obj, JsonObject? old)
    {
        var spec = obj.Object("spec");
        WarnOf(spec, "ingress", "from", context.Warnings);
        WarnOf(spec, "egress", "to", context.Warnings);
    }

    private static void ValidateSpec(JsonObject spec, HashSet<string> known, bool allowInvalidValues, FieldErrors errors)
    {
        LabelSelectorValidation.Validate(spec.Object("podSelector"), FieldPath.Spec.Child("podSelector"), errors, allowInvalidValues);
        ValidateRules(spec, "ingress", "from", known, allowInvalidValues, errors);
        ValidateRules(spec, "egress", "to", known, allowInvalidValues, errors);
        if (spec.CountOf("policyTypes") > 2)
        {
            errors.Invalid(FieldPath.Spec.Child("policyTypes"), GoJsonText.Show(spec["policyTypes"]), "may not specify more than two policyTypes");
            return;
        }
        foreach (var (i, type) in spec.Words("policyTypes"))
        {
            if (type is not ("Ingress" or "Egress"))
                errors.NotSupported(FieldPath.Spec.Child("policyTypes").Index(i), type, "Ingress", "Egress");
        }
    }

    private static void ValidateRules(
        JsonObject spec, string rules, string peers, HashSet<string> known, bool allowInvalidValues, FieldErrors errors)
    {
        foreach (var (i, rule) in spec.Items(rules))
        {
            var path = FieldPath.Spec.Child(rules).Index(i);
            foreach (var (j, port) in rule.Items("ports"))
                ValidatePort(port, path.Child("ports").Index(j), errors);
            foreach (var (j, peer) in rule.Items(peers))
                ValidatePeer(peer, path.Child(peers).Index(j), known, allowInvalidValues, errors);
        }
    }

    private static void ValidatePort(JsonObject port, FieldPath path, FieldErrors errors)
    {
        if (port.Text("protocol") is { } protocol && protocol is not ("TCP" or "UDP" or "SCTP"))
            errors.NotSupported(path.Child("protocol"), protocol, "TCP", "UDP", "SCTP");
        var end = port.Integer("endPort");
        if (!port.TryGetPropertyValue("port", out var node) || node is null)
        {
            if (end is { } lonely)
                errors.Invalid(path.Child("endPort"), lonely, "may not be specified when `port` is not specified");
        }
        else if (node.AsInteger() is { } number)
        {
            errors.InvalidEach(path.Child("port"), number, FieldFormats.PortNumber(number));
            if (end is { } last)
            {
                if (last < number)
                    errors.Invalid(path.Child("endPort"), number, "must be greater than or equal to `port`");
                errors.InvalidEach(path.Child("endPort"), last, FieldFormats.PortNumber(last));
            }
        }
        else
        {
            var name = node.AsText() ?? "";
            if (end is { } last)
                errors.Invalid(path.Child("endPort"), last, "may not be specified when `port` is non-numeric");
            errors.InvalidEach(path.Child("port"), name, FieldFormats.PortName(name));
        }
    }

    private static void ValidatePeer(JsonObject peer, FieldPath path, HashSet<string> known, bool allowInvalidValues, FieldErrors errors)
    {
        var count = 0;
        foreach (var name in (ReadOnlySpan<string>)["podSelector", "namespaceSelector"])
        {
            if (peer.Object(name) is not { } selector)
                continue;
            count++;
            LabelSelectorValidation.Validate(selector, path.Child(name), errors, allowInvalidValues);
        }
        var block = peer.Object("ipBlock");
        if (block is not null)
        {
            count++;
            ValidateBlock(block, path.Child("ipBlock"), known, errors);
        }
        if (count == 0)
            errors.Required(path, "must specify a peer");
        else if (count > 1 && block is not null)
            errors.Forbidden(path, "may not specify both ipBlock and another peer");
    }

    private static void ValidateBlock(JsonObject block, FieldPath path, HashSet<string> known, FieldErrors errors)
    {
        var cidr = block.Word("cidr");
        if (cidr.Length == 0)
        {
            errors.Required(path.Child("cidr"));
            return;
        }
        if (!known.Contains(cidr))
            errors.InvalidEach(path.Child("cidr"), cidr, IpFormats.LegacyCidr(cidr));
        if (!IpText.TryParseCidr(cidr, out var network))
            return;
        foreach (var (i, except) in block.Words("except"))
        {
            if (!known.Contains(except))
                errors.InvalidEach(path.Child("except").Index(i), except, IpFormats.LegacyCidr(except));
            if (IpText.TryParseCidr(except, out var hole) && (!network.Contains(hole) || network.Bits >= hole.Bits))
                errors.Invalid(path.Child("except").Index(i), except, "must be a strict subset of `cidr`");
        }
    }

    private static void WarnOf(JsonObject? spec, string rules, string peers, ICollection<string> warnings)
    {
        foreach (var (i, rule) in spec.Items(rules))
        {
            foreach (var (j, peer) in rule.Items(peers))
            {
                if (peer.Object("ipBlock") is not { } block)
                    continue;
                var path = $"spec.{rules}[{i}].{peers}[{j}].ipBlock";
                IpFormats.WarnForCidr(path + ".cidr", block.Word("cidr"), warnings);
                foreach (var (k, except) in block.Words("except"))
                    IpFormats.WarnForCidr($"{path}.except[{k}]", except, warnings);
            }
        }
    }
}

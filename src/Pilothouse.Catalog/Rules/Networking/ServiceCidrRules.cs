using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Ranges from which services get their addresses. One of the other family may be added, and nothing else changes.</summary>
internal sealed class ServiceCidrRules : KindRules
{
    private static readonly FieldPath Cidrs = FieldPath.Spec.Child("cidrs");

    public override bool HasStatus => true;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        var spec = obj.Object("spec") ?? [];
        var count = spec.CountOf("cidrs");
        if (count == 0)
        {
            errors.Required(Cidrs, "at least one CIDR required");
            return;
        }
        if (count > 2)
        {
            errors.Invalid(Cidrs, InternalForm.Show(spec, "ServiceCIDRSpec"), "may only hold up to 2 values");
            return;
        }
        var families = new bool?[2];
        foreach (var (i, cidr) in spec.Words("cidrs"))
        {
            errors.InvalidEach(Cidrs.Index(i), cidr, IpFormats.Cidr(cidr));
            families[i] = IpText.TryParseCidr(cidr, out var network) ? network.IsIPv4 : null;
        }
        if (count == 2 && families[0] is not null && families[0] == families[1])
        {
            errors.Invalid(Cidrs, GoJsonText.Show(spec["cidrs"]),
                "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64");
        }
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if (context.Subresource == "status")
            return;
        var (now, before) = (obj.Object("spec").List("cidrs") ?? [], old.Object("spec").List("cidrs") ?? []);
        if (now.Count == before.Count)
        {
            for (var i = 0; i < now.Count; i++)
                CheckSame(now, before, i, errors);
        }
        else if (before.Count == 1 && now.Count == 2)
        {
            CheckSame(now, before, 0, errors);
            Validate(context, obj, errors);
        }
        else
        {
            errors.Invalid(Cidrs, GoJsonText.Show(obj.Object("spec")?["cidrs"]), FieldErrorWriting.Immutable);
        }
    }

    private static void CheckSame(JsonArray now, JsonArray before, int index, FieldErrors errors)
    {
        if (now[index].AsText() is var value && value != before[index].AsText())
            errors.Invalid(Cidrs.Index(index), value ?? "", FieldErrorWriting.Immutable);
    }
}

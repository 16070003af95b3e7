using System.Formats.Asn1;

namespace Pilothouse.Server.Authentication;

/// <summary>What the subject of a client certificate says of its user.</summary>
/// <remarks>
/// Read from the encoding, because Go puts several organizations into one multi-valued part of the name, which the
/// framework's own enumeration does not open.
/// </remarks>
internal sealed record CertificateSubject(string CommonName, IReadOnlyList<string> Uids, IReadOnlyList<string> Organizations)
{
    private const string CommonNameOid = "2.5.4.3";
    private const string OrganizationOid = "2.5.4.10";
    private const string UidOid = "1.3.6.1.4.1.57683.2";

    /// <exception cref="AsnContentException">It is no name.</exception>
    /// <exception cref="ArgumentException">A part that we read is no text.</exception>
    public static CertificateSubject Read(ReadOnlyMemory<byte> distinguishedName)
    {
        var name = "";
        List<string> uids = [];
        List<string> organizations = [];
        var parts = new AsnReader(distinguishedName, AsnEncodingRules.DER).ReadSequence();
        while (parts.HasData)
        {
            // Go does not sort the values of a set.
            var attributes = parts.ReadSetOf(skipSortOrderValidation: true);
            while (attributes.HasData)
            {
                var attribute = attributes.ReadSequence();
                var type = attribute.ReadObjectIdentifier();
                if (type is not (CommonNameOid or OrganizationOid or UidOid))
                    continue;
                var value = attribute.ReadCharacterString((UniversalTagNumber)attribute.PeekTag().TagValue);
                if (type == CommonNameOid)
                    name = value;
                else if (type == UidOid)
                    uids.Add(value);
                else
                    organizations.Add(value);
            }
        }
        return new(name, uids, organizations);
    }
}

using System.Net;
using CsCheck;

namespace Pilothouse.Objects.Tests.Validation;

public sealed class IpFormatsTests
{
    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("010.000.0.1", "10.0.0.1")]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("1::", "1::")]
    [InlineData("2001:DB8:0:0:0:0:0:1", "2001:db8::1")]
    [InlineData("1:0:0:2:0:0:0:3", "1:0:0:2::3")]
    [InlineData("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8")]
    [InlineData("1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8")]
    [InlineData("::ffff:1.2.3.4", "1.2.3.4")]
    [InlineData("64:ff9b::1.2.3.4", "64:ff9b::102:304")]
    public void Addresses_are_printed_canonically(string text, string canonical)
    {
        Assert.True(IpText.TryParse(text, out var address));
        Assert.Equal(canonical, address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.")]
    [InlineData(":::")]
    [InlineData("1::2::3")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7::8")]
    [InlineData("fe80::1%eth0")]
    [InlineData("12345::")]
    [InlineData("1:")]
    [InlineData("::1.2.3")]
    public void What_is_no_address_is_refused(string text) => Assert.False(IpText.TryParse(text, out _));

    [Theory]
    [InlineData("10.9.8.7", null)]
    [InlineData("FE80::abc", null)]
    [InlineData("10.9.8", "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")]
    [InlineData("010.9.8.7", "must not have leading 0s")]
    [InlineData("fe80::00abc", "must not have leading 0s")]
    [InlineData("::ffff:1.2.3.4", "must not be an IPv4-mapped IPv6 address")]
    public void Addresses_in_old_fields_are_unambiguous(string text, string? fault) =>
        Assert.Equal(fault is null ? [] : [fault], IpFormats.LegacyAddress(text));

    [Theory]
    [InlineData("10.9.8.0/24", null)]
    [InlineData("10.9.8.0", "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")]
    [InlineData("10.9.8.0/33", "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")]
    [InlineData("10.9.8.0/024", "must not have leading 0s in IP or prefix length")]
    [InlineData("::ffff:1.2.3.0/120", "must not have an IPv4-mapped IPv6 address")]
    [InlineData("10.9.8.1/24", "must not have bits set beyond the prefix length")]
    [InlineData("2001:db8:0::/64", "must be in canonical form (\"2001:db8::/64\")")]
    public void Networks_are_canonical(string text, string? fault) => Assert.Equal(fault is null ? [] : [fault], IpFormats.Cidr(text));

    [Theory]
    [InlineData("10.9.8.0/24", new string[0])]
    [InlineData("10.9.8.7/24", new[] { "f: CIDR value \"10.9.8.7/24\" is ambiguous in this context (should be \"10.9.8.0/24\" or \"10.9.8.7/32\"?)" })]
    [InlineData("10.9.08.0/24", new[] { "f: non-standard CIDR value \"10.9.08.0/24\" is invalid: use \"10.9.8.0/24\"" })]
    [InlineData("2001:DB8::/64", new[] { "f: IPv6 CIDR value \"2001:DB8::/64\" should be in RFC 5952 canonical format (\"2001:db8::/64\")" })]
    public void Odd_networks_are_warned_of(string text, string[] expected)
    {
        var warnings = new List<string>();
        IpFormats.WarnForCidr("f", text, warnings);
        Assert.Equal(expected, warnings);
    }

    [Fact]
    public void What_the_framework_reads_is_read_alike() =>
        Gen.Byte.Array[16].Sample(bytes =>
        {
            var system = new IPAddress(bytes);
            Assert.True(IpText.TryParse(system.ToString(), out var ours));
            if (!system.IsIPv4MappedToIPv6)
            {
                Assert.Equal(new UInt128(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes), System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(8))), ours.Value);
                Assert.True(IPAddress.TryParse(ours.ToString(), out var again));
                Assert.Equal(system, again);
            }
        });

    [Fact]
    public void No_text_breaks_the_reader() =>
        Gen.OneOf(":.0123456789abcdefF/%x".Select(c => Gen.Const(c)).ToArray()).Array[0, 24].Select(characters => new string(characters)).Sample(text =>
        {
            if (IpText.TryParse(text, out var address))
                Assert.True(IpText.TryParse(address.ToString(), out var again) && again.Value == address.Value);
            if (IpText.TryParseCidr(text, out var network))
                Assert.True(IpText.TryParseCidr(network.ToCidr(), out var again) && again.Value == network.Masked);
        });
}

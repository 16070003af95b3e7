namespace Pilothouse.Objects.Tests.Validation;

public sealed class IpScopeTests
{
    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("8.8.8.8", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("127.1.2.3", false)]
    [InlineData("169.254.1.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("ff02::1", false)]
    public void Both_readings_of_an_address_agree_whether_it_is_a_hosts(string text, bool expected)
    {
        Assert.True(IpText.TryParse(text, out var sloppy));
        Assert.Null(GoAddress.TryParse(text, out var strict));
        Assert.Equal((expected, expected), (sloppy.IsGlobalUnicast, strict.IsGlobalUnicast));
    }

    [Theory]
    [InlineData("2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1")]
    [InlineData("::ffff:1.2.3.4", "::ffff:1.2.3.4")]
    [InlineData("fe80::1%en0", "fe80::1%en0")]
    [InlineData("0:0:0:0:0:0:0:0", "::")]
    [InlineData("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7")]
    public void Strict_addresses_are_printed_as_netip_does(string text, string expected)
    {
        Assert.Null(GoAddress.TryParse(text, out var address));
        Assert.Equal(expected, address.ToString());
    }
}

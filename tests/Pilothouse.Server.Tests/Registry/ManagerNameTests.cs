using Pilothouse.Server.Registry;

namespace Pilothouse.Server.Tests.Registry;

public class ManagerNameTests
{
    [Theory]
    [InlineData("kubectl/v1.36.0 (linux/amd64) kubernetes/abc", "kubectl")]
    [InlineData("noslash", "noslash")]
    [InlineData("", "")]
    [InlineData("some tool/1", "some tool")]
    [InlineData("a\u0001b\u00a0c/1", "abc")]
    [InlineData("grüße/1", "grüße")]
    public void The_beginning_of_a_user_agent_is_its_name(string agent, string name) => Assert.Equal(name, ManagerName.OfUserAgent(agent));

    [Fact]
    public void A_name_has_at_most_128_bytes()
    {
        Assert.Equal(new string('x', 128), ManagerName.OfUserAgent(new string('x', 200)));
        Assert.Equal(new string('ü', 64), ManagerName.OfUserAgent(new string('ü', 65)));
    }
}

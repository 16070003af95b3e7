using Pilothouse.Flags;
using Pilothouse.Settings;

namespace Pilothouse.Tests.Settings;

public sealed class AuthorizationSettingsReaderTests
{
    [Theory]
    [InlineData("authorization-mode \"What\" is not a valid mode", "--authorization-mode=RBAC,What")]
    [InlineData("authorization-mode \"RBAC,RBAC\" has mode specified more than once", "--authorization-mode=RBAC,RBAC")]
    [InlineData("authorization-mode ABAC's authorization policy file not passed: give --authorization-policy-file", "--authorization-mode=ABAC")]
    [InlineData("authorization-mode Webhook's authorization config file not passed: give --authorization-webhook-config-file", "--authorization-mode=Webhook")]
    [InlineData("cannot specify --authorization-policy-file without mode ABAC", "--authorization-policy-file=/none")]
    [InlineData("--authorization-policy-file: there is no file /none", "--authorization-mode=ABAC", "--authorization-policy-file=/none")]
    [InlineData("--authorization-config: there is no file /none", "--authorization-config=/none")]
    [InlineData("--authorization-webhook-version: \"v2\" is not supported; it can be v1 or v1beta1", "--authorization-webhook-version=v2")]
    public void What_is_wrong_is_said(string fault, params string[] arguments) => Assert.Equal(fault, Assert.Single(Read(arguments).Faults));

    [Fact]
    public void The_file_that_says_it_all_stands_alone()
    {
        var faults = Read("--authorization-config=/dev/null", "--authorization-mode=RBAC", "--authorization-webhook-cache-authorized-ttl=1m").Faults;
        Assert.Equal(
            [
                "--authorization-config can not be specified when --authorization-mode is",
                "--authorization-config can not be specified when --authorization-webhook-cache-authorized-ttl is",
            ],
            faults);
    }

    private static (AuthorizationSettings Settings, List<string> Faults) Read(params string[] arguments)
    {
        var (flags, error) = FlagParser.Parse(arguments);
        Assert.Null(error);
        var faults = new List<string>();
        return (AuthorizationSettingsReader.Read(flags!, faults), faults);
    }
}

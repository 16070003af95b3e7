using CsCheck;
using Pilothouse.Flags;

namespace Pilothouse.Tests.Flags;

public sealed class FlagParserTests
{
    [Fact]
    public void Every_way_of_writing_a_flag_is_read()
    {
        var flags = Parse("--secure-port=1", "--event-ttl", "2h", "--profiling", "--anonymous-auth=false", "-v", "4", "--data_dir=/x");
        Assert.Equal(1, flags.Int("secure-port"));
        Assert.Equal(TimeSpan.FromHours(2), flags.Duration("event-ttl"));
        Assert.True(flags.Bool("profiling"));
        Assert.False(flags.Bool("anonymous-auth"));
        Assert.Equal(4, flags.Int("v"));
        Assert.Equal("/x", flags.String("data-dir"));
    }

    [Theory]
    [InlineData("-v4")]
    [InlineData("-v=4")]
    [InlineData("--v=4")]
    public void Verbosity_has_a_short_form(string argument) => Assert.Equal(4, Parse(argument).Int("v"));

    [Fact]
    public void A_flag_that_is_not_given_has_its_default()
    {
        var flags = Parse();
        Assert.Equal(6443, flags.Int("secure-port"));
        Assert.Equal(TimeSpan.FromMinutes(5), flags.Duration("etcd-compaction-interval"));
        Assert.True(flags.Bool("anonymous-auth"));
        Assert.Equal(["RS256"], flags.List("oidc-signing-algs"));
        Assert.Empty(flags.Given);
    }

    [Fact]
    public void The_last_of_a_single_flag_wins() => Assert.Equal(2, Parse("--secure-port=1", "--secure-port=2").Int("secure-port"));

    [Fact]
    public void Lists_split_at_commas_and_add_up()
    {
        var flags = Parse("--authorization-mode=Node,RBAC", "--authorization-mode", "AlwaysDeny");
        Assert.Equal(["Node", "RBAC", "AlwaysDeny"], flags.List("authorization-mode"));
    }

    [Fact]
    public void A_list_that_is_given_replaces_the_default() =>
        Assert.Equal(["ES256"], Parse("--oidc-signing-algs=ES256").List("oidc-signing-algs"));

    [Fact]
    public void Arrays_keep_their_commas() =>
        Assert.Equal(["a,b", "c"], Parse("--service-account-issuer=a,b", "--service-account-issuer=c").List("service-account-issuer"));

    [Fact]
    public void Maps_take_pairs_with_or_without_a_component()
    {
        var gates = Parse("--feature-gates=kube:A=true,B=false", "--feature-gates=C=true").Map("feature-gates");
        Assert.Equal(["A=true", "B=false", "C=true"], gates.Select(g => $"{g.Key}={g.Value}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("unknown flag: --nonsense", "--nonsense=1")]
    [InlineData("unknown shorthand flag: 'x' in -x", "-x")]
    [InlineData("bad flag syntax: --=x", "--=x")]
    [InlineData("flag needs an argument: --etcd-servers", "--etcd-servers")]
    [InlineData("flag needs an argument: 'v' in -v", "-v")]
    [InlineData("\"pilothouse\" does not take any arguments, got [\"serve\"]", "serve")]
    [InlineData("\"pilothouse\" does not take any arguments, got [\"false\"]", "--profiling", "false")]
    [InlineData("invalid argument \"x\" for \"--secure-port\" flag: strconv.ParseInt: parsing \"x\": invalid syntax", "--secure-port=x")]
    [InlineData("invalid argument \"99999999999\" for \"--secure-port\" flag: strconv.ParseInt: parsing \"99999999999\": value out of range", "--secure-port=99999999999")]
    [InlineData("invalid argument \"maybe\" for \"--profiling\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax", "--profiling=maybe")]
    [InlineData("invalid argument \"5\" for \"--event-ttl\" flag: time: missing unit in duration \"5\"", "--event-ttl=5")]
    [InlineData("invalid argument \"5d\" for \"--event-ttl\" flag: time: unknown unit \"d\" in duration \"5d\"", "--event-ttl=5d")]
    [InlineData("invalid argument \"h\" for \"--event-ttl\" flag: time: invalid duration \"h\"", "--event-ttl=h")]
    [InlineData("invalid argument \"1.2.3.400\" for \"--bind-address\" flag: failed to parse IP: \"1.2.3.400\"", "--bind-address=1.2.3.400")]
    [InlineData("invalid argument \"A\" for \"--feature-gates\" flag: malformed pair, expect string=string: A", "--feature-gates=A")]
    public void What_is_wrong_is_said_as_pflag_says_it(string error, params string[] arguments) =>
        Assert.Equal(error, FlagParser.Parse(arguments).Error);

    [Fact]
    public void Every_flag_takes_its_own_default()
    {
        foreach (var flag in FlagTable.All.Where(f => f.Default.Length > 0))
            Assert.Null(FlagParser.Parse([$"--{flag.Name}={flag.Default}"]).Error);
    }

    [Fact]
    public void All_flags_of_kube_apiserver_are_there() => Assert.Equal(175, FlagTable.All.Count(f => f.Group != "Pilothouse"));

    [Fact]
    public void Whatever_is_typed_is_read_or_refused() =>
        Gen.String.Array[0, 6].Sample(arguments =>
        {
            var (values, error) = FlagParser.Parse(arguments);
            return (values is null) != (error is null);
        });

    [Fact]
    public void Help_names_every_flag_that_has_an_effect_once()
    {
        var help = FlagHelp.Text();
        foreach (var flag in FlagTable.All)
            Assert.Contains("--" + flag.Name, help, StringComparison.Ordinal);
    }

    private static FlagValues Parse(params string[] arguments)
    {
        var (values, error) = FlagParser.Parse(arguments);
        Assert.Null(error);
        return values!;
    }
}

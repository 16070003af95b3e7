using System.Net;
using Pilothouse.Flags;
using Pilothouse.Settings;

namespace Pilothouse.Tests.Settings;

public sealed class SettingsReaderTests
{
    [Fact]
    public void Without_flags_it_is_for_whoever_tries_it_out()
    {
        var settings = Read();
        Assert.Equal(IPAddress.Loopback, settings.BindAddress);
        Assert.Equal(6443, settings.SecurePort);
        Assert.Null(settings.InsecurePort);
        Assert.Equal(StorageKind.Sqlite, settings.Storage);
        Assert.Equal("/home/someone/.pilothouse", settings.DataDirectory);
        Assert.Equal("/home/someone/.pilothouse/pki", settings.CertificateDirectory);
        Assert.Equal(["Node", "RBAC"], settings.Authorization.Modes);
        Assert.True(settings.AnonymousAuthentication);
        Assert.Equal("10.0.0.0/24", Assert.Single(settings.ServiceClusterIpRanges).ToString());
        Assert.Empty(settings.FlagsWithoutEffect);
    }

    [Fact]
    public void A_member_of_a_cluster_listens_on_all_addresses()
    {
        var settings = Read("--etcd-servers=10.1.1.1:2379,https://10.1.1.2:2379", "--advertise-address=10.1.1.9");
        Assert.Equal(IPAddress.Any, settings.BindAddress);
        Assert.Equal(IPAddress.Parse("10.1.1.9"), settings.AdvertiseAddress);
        Assert.Equal(StorageKind.Etcd, settings.Storage);
        Assert.Equal(["http://10.1.1.1:2379", "https://10.1.1.2:2379"], settings.Etcd!.Endpoints);
        Assert.Equal("/registry", settings.Etcd.Prefix);
    }

    [Fact]
    public void Nobody_is_anonymous_where_everybody_may_do_everything() =>
        Assert.False(Read("--authorization-mode=AlwaysAllow").AnonymousAuthentication);

    [Fact]
    public void Flags_without_effect_are_named() =>
        Assert.Equal(["goaway-chance", "egress-selector-config-file"], Read("--goaway-chance=0.1", "--egress-selector-config-file=x", "--v=2").FlagsWithoutEffect);

    [Fact]
    public void The_host_part_of_a_service_range_does_not_matter() =>
        Assert.Equal("10.96.0.0/12", Assert.Single(Read("--service-cluster-ip-range=10.97.3.4/12").ServiceClusterIpRanges).ToString());

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var faults = Faults(
            "--storage=paper", "--secure-port=70000", "--tls-cert-file=/none.crt", "--authorization-mode=Mood", "--feature-gates=Nonsense=true",
            "--enable-admission-plugins=Nope", "--service-cluster-ip-range=10.0.0.0", "--max-requests-inflight=-1", "--event-ttl=0s");
        Assert.Equal(
        [
            "--storage is \"paper\"; it can be sqlite, memory or etcd",
            "authorization-mode \"Mood\" is not a valid mode",
            "--tls-cert-file and --tls-private-key-file must be given together",
            "--enable-admission-plugins: admission plugin \"Nope\" is unknown",
            "unrecognized feature gate: Nonsense",
            "--event-ttl must be more than 0",
            "--secure-port 70000 must be between 0 and 65535, inclusive; 0 takes a free port",
            "--tls-cert-file: there is no file /none.crt",
            "--max-requests-inflight can not be negative value",
            "service-cluster-ip-range \"10.0.0.0\" is not a range like 10.96.0.0/12",
        ], faults);
    }

    [Fact]
    public void A_locked_feature_gate_stays() => Assert.Equal(
        ["cannot set feature gate SidecarContainers to false, feature is locked to true"], Faults("--feature-gates=SidecarContainers=false"));

    [Fact]
    public void Two_stores_contradict_each_other() =>
        Assert.Equal(["--storage=memory contradicts --etcd-servers: give one of them"], Faults("--storage=memory", "--etcd-servers=x:1"));

    private static ServerSettings Read(params string[] arguments)
    {
        var (settings, faults) = SettingsReader.Read(FlagParser.Parse(arguments).Values!, "/home/someone");
        Assert.Empty(faults);
        return settings;
    }

    private static IReadOnlyList<string> Faults(params string[] arguments) =>
        SettingsReader.Read(FlagParser.Parse(arguments).Values!, "/home/someone").Faults;
}

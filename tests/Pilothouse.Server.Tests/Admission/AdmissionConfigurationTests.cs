using Pilothouse.Server.Admission;

namespace Pilothouse.Server.Tests.Admission;

public sealed class AdmissionConfigurationTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pilothouse-admission-");

    public void Dispose() => _directory.Delete(recursive: true);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    [Fact]
    public void Plugins_are_configured_in_place_or_by_a_file_beside_it()
    {
        Write("quota.yaml", "kind: ResourceQuotaConfiguration\n");
        var path = Write(
            "config.yaml",
            """
            apiVersion: apiserver.config.k8s.io/v1
            kind: AdmissionConfiguration
            plugins:
            - name: PodSecurity
              configuration:
                defaults: {enforce: baseline}
            - name: ResourceQuota
              path: quota.yaml
            """);
        var configuration = AdmissionConfiguration.Read(path);
        Assert.True(configuration.TryGet("PodSecurity", out var inline));
        Assert.Equal("baseline", (string?)inline["defaults"]!["enforce"]);
        Assert.True(configuration.TryGet("ResourceQuota", out var file));
        Assert.Equal("ResourceQuotaConfiguration", (string?)file["kind"]);
        Assert.False(configuration.TryGet("EventRateLimit", out _));
    }

    [Fact]
    public void The_old_form_of_two_plugins_is_still_read()
    {
        var configuration = AdmissionConfiguration.Read(Write("old.yaml", "podNodeSelectorPluginConfig:\n  ns: a=b\n"));
        Assert.True(configuration.TryGet("PodNodeSelector", out var json));
        Assert.Equal("a=b", (string?)json["podNodeSelectorPluginConfig"]!["ns"]);
    }

    [Theory]
    [InlineData("kind: Other\napiVersion: v1\n", "expected an AdmissionConfiguration")]
    [InlineData("- a\n", "not an object")]
    [InlineData("a: [", "yaml: line")]
    public void What_is_none_is_refused(string text, string fault) =>
        Assert.Contains(fault, Assert.Throws<AdmissionConfigurationException>(() => AdmissionConfiguration.Read(Write("c", text))).Message, StringComparison.Ordinal);
}

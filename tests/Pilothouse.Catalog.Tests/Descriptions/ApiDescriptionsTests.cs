namespace Pilothouse.Catalog.Tests.Descriptions;

public sealed class ApiDescriptionsTests
{
    private static readonly ApiDescriptions Descriptions = ApiDescriptions.Load();

    [Fact]
    public void Nearly_every_published_definition_and_property_is_described()
    {
        var all = new List<string>();
        var missing = new List<string>();
        foreach (var definition in BuiltInCatalog.Types.Definitions.Where(d => !d.Contains("alpha") && !d.Contains("beta")))
        {
            var type = BuiltInCatalog.Types.Get(definition);
            // JSON schema's own keywords are not described anywhere.
            if (type.Unpublished || definition.EndsWith(".JSONSchemaProps", StringComparison.Ordinal))
                continue;
            Count(definition, Descriptions.Of(definition));
            foreach (var property in type.Properties)
                Count($"{definition} {property.Name}", Descriptions.Of(definition, property.Name));
        }

        Assert.True(all.Count > 2500);
        Assert.True(missing.Count < all.Count / 50, $"{missing.Count} of {all.Count}: {string.Join("\n", missing)}");

        void Count(string what, string? description)
        {
            all.Add(what);
            if (string.IsNullOrEmpty(description))
                missing.Add(what);
        }
    }

    [Fact]
    public void Lines_that_were_broken_to_fit_are_joined() =>
        Assert.Equal(
            "Indicates that the deployment is paused.",
            Descriptions.Of("io.k8s.api.apps.v1.DeploymentSpec", "paused"));

    [Fact]
    public void Paragraphs_and_lists_keep_their_lines()
    {
        var text = Descriptions.Of("io.k8s.api.core.v1.ServicePort", "appProtocol")!;
        Assert.Contains("either:\n\n* Un-prefixed protocol names - reserved for IANA standard service names (as per RFC-6335", text);
        Assert.Contains("prefixed names:\n  * 'kubernetes.io/h2c' - ", text);
    }

    [Theory]
    [InlineData("io.k8s.api.core.v1.Event", "involvedObject")]
    [InlineData("io.k8s.api.events.v1.Event", "regarding")]
    [InlineData("io.k8s.api.rbac.v1.Subject", "apiGroup")]
    [InlineData("io.k8s.api.flowcontrol.v1.Subject", "serviceAccount")]
    [InlineData("io.k8s.api.authentication.v1.TokenRequestSpec", "audiences")]
    [InlineData("io.k8s.api.autoscaling.v2.MetricSpec", "containerResource")]
    [InlineData("io.k8s.api.resource.v1.DeviceAttribute", "bool")]
    [InlineData("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookClientConfig", "caBundle")]
    [InlineData("io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference", "port")]
    [InlineData("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", "generateName")]
    public void Kinds_that_several_groups_have_are_told_apart(string definition, string property) =>
        Assert.False(string.IsNullOrEmpty(Descriptions.Of(definition, property)));

    [Theory]
    [InlineData("ListNamespacedPod", "continue")]
    [InlineData("ListNamespacedPod", "namespace")]
    [InlineData("PatchNamespacedPod", "force")]
    [InlineData("ConnectGetNamespacedPodExec", "command")]
    public void Parameters_are_described(string operation, string parameter) =>
        Assert.False(string.IsNullOrEmpty(Descriptions.OfParameter(operation, parameter)));

    [Fact]
    public void Unknown_things_have_no_description()
    {
        Assert.Null(Descriptions.Of("Nothing"));
        Assert.Null(Descriptions.Of("io.k8s.api.core.v1.Pod", "nothing"));
    }
}

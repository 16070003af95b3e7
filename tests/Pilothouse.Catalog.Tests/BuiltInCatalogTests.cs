using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog.Tests;

public sealed class BuiltInCatalogTests
{
    private static readonly ResourceCatalog Catalog = BuiltInCatalog.Load();

    private static ServedResource Served(string group, string version, string resource) =>
        Catalog.TryGet(new GroupVersionResource(group, version, resource), out var served)
            ? served : throw new KeyNotFoundException(resource);

    [Fact]
    public void Groups_are_in_discovery_order_with_the_core_group_first()
    {
        Assert.Equal(["", "apiregistration.k8s.io", "apps", "events.k8s.io"], Catalog.Groups.Take(4).Select(g => g.Name));
        Assert.Equal(["v2", "v1"], Catalog.Groups.Single(g => g.Name == "autoscaling").Versions);
        Assert.Equal(21, Catalog.Groups.Count);
        Assert.Equal(68, Catalog.Served.Count);
    }

    [Fact]
    public void Every_type_can_be_read_and_refers_only_to_types_that_exist()
    {
        foreach (var definition in BuiltInCatalog.Types.Definitions)
        {
            var type = BuiltInCatalog.Types.Get(definition);
            foreach (var property in type.Properties)
            {
                Assert.True(type.TryGetProperty(property.Name, out var found) && found == property);
                Assert.Equal(property, type.Properties[type.Properties.IndexOf(System.Text.Encoding.UTF8.GetBytes(property.Name))]);
            }
        }
    }

    [Fact]
    public void A_type_is_one_object_wherever_it_is_used()
    {
        var template = BuiltInCatalog.Types.Get("io.k8s.api.core.v1.PodTemplateSpec");
        Assert.True(Served("", "v1", "pods").Schema.TryGetProperty("spec", out var ofPod));
        Assert.True(template.TryGetProperty("spec", out var ofTemplate));
        Assert.Same(ofPod.Type, ofTemplate.Type);
    }

    [Fact]
    public void Both_kinds_of_events_share_one_collection_stored_in_core_v1()
    {
        var core = Served("", "v1", "events");
        var events = Served("events.k8s.io", "v1", "events");
        Assert.Same(core.Stored, events.Stored);
        Assert.Equal(new GroupVersionKind("", "v1", "Event"), events.Stored.Kind);
        Assert.Equal("/events/", events.Stored.KeyPrefix);
        Assert.Same(core.FieldLabels["involvedObject.kind"], events.FieldLabels["regarding.kind"]);
        Assert.False(events.FieldLabels.ContainsKey("involvedObject.kind"));
    }

    [Fact]
    public void Both_versions_of_autoscalers_are_stored_in_v2()
    {
        var v1 = Served("autoscaling", "v1", "horizontalpodautoscalers");
        Assert.Same(v1.Stored, Served("autoscaling", "v2", "horizontalpodautoscalers").Stored);
        Assert.Equal("v2", v1.Stored.Kind.Version);
        Assert.Equal("io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler", v1.Schema.Definition);
    }

    [Fact]
    public void Selectable_fields_say_where_their_value_is()
    {
        var pods = Served("", "v1", "pods");
        Assert.Same(pods.FieldLabels["spec.nodeName"], pods.FieldLabels["spec.host"]);
        Assert.Equal(SelectableFieldForm.Boolean, pods.FieldLabels["spec.hostNetwork"].Form);
        Assert.Empty(pods.FieldLabels["status.podIPs"].Paths);
        Assert.Equal(["source.component", "reportingComponent"], Served("", "v1", "events").FieldLabels["source"].Paths);
        Assert.All(pods.FieldLabels.Values, f => Assert.Contains(f, pods.Stored.SelectableFields));
        Assert.False(Served("", "v1", "nodes").SelectsNamespace);
    }

    [Fact]
    public void Subresources_know_their_kind_and_schema()
    {
        var eviction = Served("", "v1", "pods").Subresource("eviction")!;
        Assert.Equal("io.k8s.api.policy.v1.Eviction", eviction.Schema?.Definition);
        Assert.True(eviction.NamesItsGroupVersion);
        Assert.Equal("io.k8s.api.autoscaling.v1.Scale", Served("apps", "v1", "deployments").Subresource("scale")!.Schema?.Definition);
        Assert.NotNull(Served("", "v1", "pods").Subresource("exec")!.Schema);
    }

    [Fact]
    public void Resources_without_storage_have_no_key_prefix()
    {
        Assert.True(Served("authentication.k8s.io", "v1", "tokenreviews").Stored.IsVirtual);
        Assert.Equal("/minions/", Served("", "v1", "nodes").Stored.KeyPrefix);
        Assert.Equal("/services/specs/", Served("", "v1", "services").Stored.KeyPrefix);
        Assert.Equal("/apiextensions.k8s.io/customresourcedefinitions/",
            Served("apiextensions.k8s.io", "v1", "customresourcedefinitions").Stored.KeyPrefix);
    }

    [Fact]
    public void Properties_carry_what_merging_defaulting_and_publishing_need()
    {
        var service = BuiltInCatalog.Types.Get("io.k8s.api.core.v1.ServiceSpec");
        Assert.True(service.TryGetProperty("ports", out var ports));
        Assert.Equal("merge", ports.PatchStrategy);
        Assert.Equal("port", ports.PatchMergeKey);
        Assert.Equal(["port", "protocol"], ports.ListMapKeys);
        Assert.Equal("[]v1.ServicePort", ports.Type.GoType);
        Assert.True(ports.Type.Element!.TryGetProperty("protocol", out var protocol));
        Assert.Equal("\"TCP\"", protocol.Default);
        Assert.Equal(["SCTP", "TCP", "UDP"], protocol.Type.Enum);
        Assert.Equal("2", protocol.ProtobufNumber);
        Assert.Equal(Omission.Empty, protocol.Omit);
    }
}

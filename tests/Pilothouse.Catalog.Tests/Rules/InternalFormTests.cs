using System.Text.Json.Nodes;

namespace Pilothouse.Catalog.Tests.Rules;

public sealed class InternalFormTests
{
    private const string Unset = ",\"Selectors\":null,\"AllocationMode\":\"\",\"Count\":0,\"AdminAccess\":null,\"Tolerations\":null,\"Capacity\":null}";

    private static string Show(string type, string json, string was = "null") =>
        InternalForm.Of(JsonNode.Parse(json), type, JsonNode.Parse(was));

    [Theory]
    [InlineData("Taint", """{"key":"k","effect":"NoSchedule"}""", """{"Key":"k","Value":"","Effect":"NoSchedule","TimeAdded":null}""")]
    [InlineData("ServicePort", """{"port":80}""", """{"Name":"","Protocol":"","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}""")]
    [InlineData("VolumeAttachmentSpec", """{"attacher":"a"}""", """{"Attacher":"a","Source":{"PersistentVolumeName":null,"InlineVolumeSpec":null},"NodeName":""}""")]
    [InlineData("PriorityLevelConfigurationSpec", """{"type":"Limited","limited":{"limitResponse":{"type":"Reject"}}}""",
        """{"Type":"Limited","Limited":{"NominalConcurrencyShares":0,"LimitResponse":{"Type":"Reject","Queuing":null},"LendablePercent":null,"BorrowingLimitPercent":null},"Exempt":null}""")]
    [InlineData("RoleRef", "{}", """{"APIGroup":"","Kind":"","Name":""}""")]
    public void Every_field_is_there_under_its_name_in_Go(string type, string json, string expected) =>
        Assert.Equal(expected, Show(type, json));

    [Theory]
    [InlineData("{}", "{}")]
    [InlineData("null", "null")]
    [InlineData("""{"matchLabels":{"b":"<","a":""}}""", """{"matchLabels":{"a":"","b":"\u003c"}}""")]
    [InlineData("""{"matchExpressions":[{"key":"k","operator":"In","values":["b","a"]},{"key":"l","operator":"Exists"}]}""",
        """{"matchExpressions":[{"key":"k","operator":"In","values":["b","a"]},{"key":"l","operator":"Exists"}]}""")]
    public void Selectors_have_the_form_of_JSON(string json, string expected) => Assert.Equal(expected, Show("LabelSelector", json));

    [Fact]
    public void Metadata_of_templates_is_spliced() => Assert.Equal(
        """{"labels":{"a":"1","b":"2"},"Spec":{"Devices":{"Requests":null,"Constraints":null,"Config":null}}}""",
        Show("ResourceClaimTemplateSpec", """{"metadata":{"labels":{"b":"2","a":"1"}}}"""));

    [Fact]
    public void Parameters_of_drivers_are_as_they_were_sent() => Assert.Equal(
        """{"Driver":"d","Parameters":{"z":1,"a":{"y":2,"b":3}}}""",
        Show("OpaqueDeviceConfiguration", """{"driver":"d","parameters":{"z":1,"a":{"y":2,"b":3}}}"""));

    [Theory]
    [InlineData("{}", """{"devices":{"requests":[{"name":"r"}],"constraints":[]}}""", """{"Devices":{"Requests":[],"Constraints":null,"Config":null}}""")]
    [InlineData("{}", "{}", """{"Devices":{"Requests":null,"Constraints":null,"Config":null}}""")]
    [InlineData("""{"devices":{"constraints":[{}]}}""", """{"devices":{"constraints":[{"requests":["r"]}]}}""",
        """{"Devices":{"Requests":null,"Constraints":[{"Requests":[],"MatchAttribute":null,"DistinctAttribute":null}],"Config":null}}""")]
    public void A_list_that_lost_all_it_had_is_empty_and_others_are_null(string json, string was, string expected) =>
        Assert.Equal(expected, Show("ResourceClaimSpec", json, was));

    [Fact]
    public void Lists_that_are_kept_empty_are_shown_empty() => Assert.Equal(
        """{"NodeSelectorTerms":[]}""", Show("NodeSelector", """{"nodeSelectorTerms":[]}"""));

    [Theory]
    [InlineData("reason", "\"a<b\"", "\"a<b\"")]
    [InlineData("reason", "null", "\"\"")]
    [InlineData("count", "2", "2")]
    [InlineData("count", "null", "0")]
    [InlineData("firstTimestamp", "null", "null")]
    [InlineData("firstTimestamp", "\"2026-01-02T03:04:05Z\"", "\"2026-01-02T03:04:05Z\"")]
    [InlineData("source", "null", """{"Component":"","Host":""}""")]
    [InlineData("related", "null", "null")]
    public void A_field_that_is_absent_has_its_zero_value(string field, string json, string expected)
    {
        var owner = new JsonObject();
        if (JsonNode.Parse(json) is { } value)
            owner[field] = value;
        Assert.Equal(expected, InternalForm.ShowField(owner, "Event", field).ToString());
    }

    [Theory]
    [InlineData("resource.k8s.io", "v1", "resourceclaims", "", """{"metadata":{"name":"x","namespace":"n"},"spec":{"devices":{"requests":[{"name":"r","exactly":{"deviceClassName":"c"}}]}}}""",
        """{"spec":{"devices":{"requests":[{"name":"r","exactly":{"deviceClassName":"d"}}]}}}""",
        "spec: Invalid value: {\"Devices\":{\"Requests\":[{\"Name\":\"r\",\"Exactly\":{\"DeviceClassName\":\"d\"" + Unset
        + ",\"FirstAvailable\":null}],\"Constraints\":null,\"Config\":null}}: field is immutable")]
    [InlineData("storage.k8s.io", "v1", "volumeattachments", "", """{"metadata":{"name":"x"},"spec":{"attacher":"a","nodeName":"n","source":{"persistentVolumeName":"v"}}}""",
        """{"spec":{"attacher":"a","nodeName":"m","source":{"persistentVolumeName":"v"}}}""",
        "spec: Invalid value: {\"Attacher\":\"a\",\"Source\":{\"PersistentVolumeName\":\"v\",\"InlineVolumeSpec\":null},\"NodeName\":\"m\"}: field is immutable")]
    [InlineData("networking.k8s.io", "v1", "ipaddresses", "", """{"metadata":{"name":"192.0.2.1"},"spec":{"parentRef":{"resource":"services","name":"a","namespace":"n"}}}""",
        """{"spec":{"parentRef":{"resource":"services","name":"b"}}}""",
        "spec.parentRef: Invalid value: {\"Group\":\"\",\"Resource\":\"services\",\"Namespace\":\"\",\"Name\":\"b\"}: field is immutable")]
    [InlineData("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "", """{"metadata":{"name":"x"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"a"}}""",
        """{"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"b"}}""",
        "roleRef: Invalid value: {\"APIGroup\":\"rbac.authorization.k8s.io\",\"Kind\":\"ClusterRole\",\"Name\":\"b\"}: cannot change roleRef")]
    public void Refused_changes_show_the_part_that_is_immutable(
        string group, string version, string resource, string subresource, string json, string change, string expected)
    {
        var served = ObjectText.Served(group, version, resource);
        var obj = RuleTesting.Prepared(served, json);
        Assert.Equal(expected, string.Join('|', RuleTesting.Update(served, obj, subresource, o =>
        {
            foreach (var (name, value) in JsonNode.Parse(change)!.AsObject())
                o[name] = value?.DeepClone();
        })));
    }
}

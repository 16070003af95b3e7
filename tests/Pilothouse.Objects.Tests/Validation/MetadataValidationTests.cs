using System.Text.Json.Nodes;

namespace Pilothouse.Objects.Tests;

public class MetadataValidationTests
{
    private const string Uid = "11111111-2222-3333-4444-555555555555";

    [Theory]
    [InlineData("""{"name":"ok","namespace":"ns"}""", NameRule.DnsSubdomain, true, "")]
    [InlineData("""{"name":"a:b.C%","namespace":"ns"}""", NameRule.PathSegment, true, "metadata.name: Invalid value: \"a:b.C%\": may not contain '%'")]
    [InlineData("""{"name":".."}""", NameRule.PathSegment, false, "metadata.name: Invalid value: \"..\": may not be '..'")]
    [InlineData("""{"name":"a.b"}""", NameRule.DnsLabel, false, "metadata.name: Invalid value: \"a.b\": must not contain dots")]
    [InlineData("""{"generateName":"x-","name":"x-abcde"}""", NameRule.DnsSubdomain, false, "")]
    [InlineData("""{"name":"x"}""", NameRule.DnsSubdomain, true, "metadata.namespace: Required value")]
    [InlineData("""{"name":"x","namespace":"ns"}""", NameRule.DnsSubdomain, false, "metadata.namespace: Forbidden: not allowed on this type")]
    [InlineData("""{}""", NameRule.DnsSubdomain, false, "metadata.name: Required value: name or generateName is required")]
    [InlineData("""{"name":"x","generation":-1}""", NameRule.DnsSubdomain, false, "metadata.generation: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("""{"name":"x","finalizers":["plain"]}""", NameRule.DnsSubdomain, false, "metadata.finalizers[0]: Invalid value: \"plain\": name is neither a standard finalizer name nor is it fully qualified")]
    [InlineData("""{"name":"x","finalizers":["orphan","foregroundDeletion"]}""", NameRule.DnsSubdomain, false, "metadata.finalizers: Invalid value: [\"orphan\",\"foregroundDeletion\"]: finalizer orphan and foregroundDeletion cannot be both set")]
    [InlineData("""{"name":"10.0.0.1"}""", NameRule.IpAddress, false, "")]
    [InlineData("""{"name":"2001:DB8::1"}""", NameRule.IpAddress, false, "metadata.name: Invalid value: \"2001:DB8::1\": must be in canonical form (\"2001:db8::1\")")]
    public void Metadata_of_a_new_object_is_checked(string metadata, NameRule rule, bool namespaced, string expected)
    {
        var errors = new FieldErrors();
        MetadataValidation.ValidateCreate(Object(metadata), namespaced, rule, errors);
        Assert.Equal(expected, string.Join('|', errors.All));
    }

    [Theory]
    [InlineData("""{"kind":"ReplicaSet","name":"rs","uid":"u"}""", ".apiVersion: Invalid value: \"\": version must not be empty")]
    [InlineData("""{"apiVersion":"apps/v1","name":"rs","uid":"u"}""", ".kind: Invalid value: \"\": must not be empty")]
    [InlineData("""{"apiVersion":"apps/v1","kind":"ReplicaSet","uid":"u"}""", ".name: Invalid value: \"\": must not be empty")]
    [InlineData("""{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"rs"}""", ".uid: Invalid value: \"\": must not be empty")]
    [InlineData("""{"uid":"u","kind":"Event","name":"rs","apiVersion":"v1"}""", ": Invalid value: {\"apiVersion\":\"v1\",\"kind\":\"Event\",\"name\":\"rs\",\"uid\":\"u\"}: /v1, Kind=Event is disallowed from being an owner")]
    public void Owner_references_are_complete_and_no_events(string reference, string expected)
    {
        var errors = new FieldErrors();
        MetadataValidation.ValidateOwnerReferences([JsonNode.Parse(reference)], "metadata.ownerReferences", errors);
        Assert.Equal("metadata.ownerReferences" + expected, Assert.Single(errors.All).ToString());
    }

    [Fact]
    public void Only_one_owner_is_the_controller()
    {
        var errors = new FieldErrors();
        var references = JsonNode.Parse($$"""
            [{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"rs","uid":"{{Uid}}","controller":true},{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"rs2","uid":"{{Uid}}","controller":true}]
            """)!.AsArray();
        MetadataValidation.ValidateOwnerReferences(references, "metadata.ownerReferences", errors);
        Assert.Equal($$"""metadata.ownerReferences: Invalid value: [{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"rs","uid":"{{Uid}}","controller":true},{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"rs2","uid":"{{Uid}}","controller":true}]: Only one reference can have Controller set to true. Found "true" in references for ReplicaSet/rs and ReplicaSet/rs2""",
            Assert.Single(errors.All).ToString());
    }

    [Fact]
    public void Annotations_are_limited_in_total()
    {
        var errors = new FieldErrors();
        MetadataValidation.ValidateAnnotations(new() { ["Upper"] = new string('x', 256 * 1024 - 5) }, "metadata.annotations", errors);
        Assert.False(errors.Any);
        MetadataValidation.ValidateAnnotations(new() { ["Upper"] = new string('x', 256 * 1024) }, "metadata.annotations", errors);
        Assert.Equal("metadata.annotations: Too long: may not be more than 262144 bytes", Assert.Single(errors.All).ToString());
    }

    [Fact]
    public void A_terminating_object_gains_no_finalizers()
    {
        const string Rest = "\"name\":\"x\",\"resourceVersion\":\"1\",\"deletionTimestamp\":\"2024-01-01T00:00:00Z\"";
        var errors = new FieldErrors();
        MetadataValidation.ValidateUpdate(Object($$"""{{{Rest}},"finalizers":["a/one","a/three"]}"""), Object($$"""{{{Rest}},"finalizers":["a/one"]}"""),
            false, NameRule.DnsSubdomain, errors);
        Assert.Equal(2, errors.All.Count);
        Assert.Equal("metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{\"a/three\"}",
            errors.All[0].ToString());
    }

    [Fact]
    public void Identity_does_not_change()
    {
        var errors = new FieldErrors();
        MetadataValidation.ValidateUpdate(
            Object("""{"name":"y","uid":"b","resourceVersion":"1","deletionGracePeriodSeconds":5,"creationTimestamp":"2024-01-01T00:00:00Z"}"""),
            Object("""{"name":"x","uid":"a","resourceVersion":"1","creationTimestamp":"2023-01-01T00:00:00Z"}"""), false, NameRule.DnsSubdomain, errors);
        Assert.Equal(
        [
            "metadata.name: Invalid value: \"y\": field is immutable",
            "metadata.uid: Invalid value: \"b\": field is immutable",
            "metadata.creationTimestamp: Invalid value: \"2024-01-01T00:00:00Z\": field is immutable",
            "metadata.deletionGracePeriodSeconds: Invalid value: 5: field is immutable",
        ], errors.All.Select(e => e.ToString()).Distinct());
    }

    [Fact]
    public void An_update_is_judged_whole_before_its_changes()
    {
        var errors = new FieldErrors();
        MetadataValidation.ValidateUpdate(
            Object("""{"name":"y","resourceVersion":"1","labels":{"a b":"c"},"finalizers":["bad"],"generateName":"a/"}"""),
            Object("""{"name":"x","resourceVersion":"1"}"""), false, NameRule.DnsSubdomain, errors);
        Assert.Equal(
            ["metadata.generateName", "metadata.labels", "metadata.name", "metadata.labels", "metadata.name", "metadata.labels", "metadata.finalizers[0]"],
            errors.All.Select(e => e.Field));
    }

    [Fact]
    public void A_prefix_may_be_anything_where_names_are_declared_to_be_long()
    {
        var errors = new FieldErrors();
        MetadataValidation.ValidateCreate(Object("""{"name":"x","generateName":"No Good"}"""), false, NameRule.LongName, errors);
        Assert.False(errors.Any);
        MetadataValidation.ValidateCreate(Object($$"""{"name":"{{new string('x', 254)}}" }"""), false, NameRule.LongName, errors);
        Assert.EndsWith("must be no more than 253 bytes", Assert.Single(errors.All).ToString(), StringComparison.Ordinal);
    }

    private static JsonObject Object(string metadata) => new() { ["metadata"] = JsonNode.Parse(metadata) };
}

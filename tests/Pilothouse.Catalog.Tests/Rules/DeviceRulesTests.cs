using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog.Tests.Rules;

public sealed class DeviceRulesTests
{
    private const string Uuid = "12345678-90ab-cdef-1234-567890abcdef";

    private static readonly ServedResource Claims = ObjectText.Served("resource.k8s.io", "v1", "resourceclaims");
    private static readonly ServedResource Slices = ObjectText.Served("resource.k8s.io", "v1", "resourceslices");
    private static readonly ServedResource Templates = ObjectText.Served("resource.k8s.io", "v1", "resourceclaimtemplates");

    private static string Slice(string device, string driver = "a.example") =>
        $$"""{"metadata":{"name":"x"},"spec":{"driver":"{{driver}}","pool":{"name":"p","resourceSliceCount":1},"nodeName":"n","devices":[{"name":"d",{{device}} }]} }""";

    private static JsonObject Allocated()
    {
        var claim = RuleTesting.Prepared(Claims, """{"metadata":{"name":"x"},"spec":{"devices":{"requests":[{"name":"r","exactly":{"deviceClassName":"c"}}]}}}""");
        claim["status"] = JsonNode.Parse($$"""
            {"allocation":{"devices":{"results":[{"request":"r","driver":"a.example","pool":"p","device":"d"},{"request":"r","driver":"a.example","pool":"p","device":"e","shareID":"{{Uuid}}"}]} } }
            """);
        return claim;
    }

    [Fact]
    public void An_attribute_with_two_values_is_shown_whole() =>
        Assert.Equal(
            ["spec.devices[0].attributes[a]: Invalid value: {\"IntValue\":1,\"BoolValue\":null,\"StringValue\":\"s\",\"VersionValue\":null,\"IntValues\":null,\"BoolValues\":null,\"StringValues\":null,\"VersionValues\":null}: exactly one value must be specified"],
            RuleTesting.Create(Slices, Slice(""" "attributes":{"a":{"int":1,"string":"s"}} """)).Errors);

    [Fact]
    public void What_is_off_is_not_kept_unless_it_was_there()
    {
        const string Lists = """ "attributes":{"a":{"string":"s","strings":["t"]}},"nodeAllocatableResourceMappings":{"cpu":{"capacityKey":"c"}} """;
        var slice = RuleTesting.Prepared(Slices, Slice(Lists));
        var device = slice.Object("spec").Objects("devices").First();
        Assert.Equal("""{"a":{"string":"s"}}""", device["attributes"]!.ToJsonString());
        Assert.False(device.ContainsKey("nodeAllocatableResourceMappings"));
    }

    [Fact]
    public void Names_of_drivers_are_better_small() =>
        Assert.Equal(["spec.driver: driver names should be lowercase; \"A.example\" contains uppercase characters"],
            RuleTesting.Create(Slices, Slice(""" "attributes":{} """, "A.example")).Warnings);

    [Theory]
    [InlineData("x", "error validating uid: invalid UUID length: 1")]
    [InlineData("12345678_90ab-cdef-1234-567890abcdef", "error validating uid: invalid UUID format")]
    [InlineData("urn:uuix:12345678-90ab-cdef-1234-567890abcdef", "error validating uid: invalid urn prefix: \"urn:uuix:\"")]
    [InlineData("<12345678-90ab-cdef-1234-567890abcdef>", "error validating uid: invalid bracketed UUID format")]
    [InlineData("1234567890abcdef1234567890abcdef",
        "uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters")]
    [InlineData(Uuid, "")]
    public void Shares_are_told_apart_by_UUIDs(string id, string fault)
    {
        var claim = Allocated();
        claim.Remove("status");
        var errors = RuleTesting.Update(Claims, claim, "status", c =>
        {
            c["status"] = Allocated()["status"]!.DeepClone();
            c.Object("status").Object("allocation").Object("devices").Objects("results").Last()["shareID"] = id;
        });
        Assert.Equal(fault.Length == 0 ? "" : $"status.allocation.devices.results[1].shareID: Invalid value: {GoText.Quote(id)}: {fault}", string.Join('|', errors));
    }

    [Fact]
    public void Conditions_of_devices_are_conditions()
    {
        var errors = RuleTesting.Update(Claims, Allocated(), "status", c => c.Object("status")!["devices"] = JsonNode.Parse("""
            [{"driver":"a.example","pool":"p","device":"d","conditions":[
              {"type":"A","status":"X","reason":"R","lastTransitionTime":"2026-01-01T00:00:00Z"},
              {"type":"A","status":"True","reason":"R","lastTransitionTime":"2026-01-01T00:00:00Z"}]}]
            """));
        Assert.Equal(
            ["status.devices[0].conditions[0].status: Unsupported value: \"X\": supported values: \"False\", \"True\", \"Unknown\"",
             "status.devices[0].conditions[1].type: Duplicate value: \"A\""], errors);
    }

    [Fact]
    public void A_device_that_was_taken_back_loses_its_status()
    {
        var claim = Allocated();
        claim.Object("status")!["devices"] = JsonNode.Parse($$"""
            [{"driver":"a.example","pool":"p","device":"d"},{"driver":"a.example","pool":"p","device":"e","shareID":"{{Uuid}}"}]
            """);
        var freed = (JsonObject)claim.DeepClone();
        freed.Object("status")!.Remove("allocation");
        Claims.Stored.Strategy.PrepareForUpdate(ObjectText.Context(Claims, "status"), freed, claim);
        Assert.False(freed.Object("status")!.ContainsKey("devices"));
    }

    [Fact]
    public void Claims_made_from_a_template_are_not_named_by_it() =>
        Assert.Equal(["spec.metadata.name: Forbidden: cannot be set", "spec.metadata.uID: Forbidden: cannot be set"],
            RuleTesting.Create(Templates, """
                {"metadata":{"name":"x"},"spec":{"metadata":{"uid":"u","name":"n"},"spec":{"devices":{"requests":[{"name":"r","exactly":{"deviceClassName":"c"}}]}}}}
                """).Errors);
}

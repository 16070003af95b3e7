using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Schemas.Tests;

public class ManagedFieldsTests
{
    [Fact]
    public void Entries_are_kept_appliers_first_then_by_time_and_name()
    {
        var managed = new ManagedFields(
        [
            Entry("c", applied: false, "2026-01-01T00:00:00Z"), Entry("b", applied: false, "2026-01-01T00:00:00Z"),
            Entry("a", applied: false, "2026-01-01T00:00:01Z"), Entry("z", applied: true, "2026-01-01T00:00:02Z"), Entry("y", applied: true, ""),
        ]);
        var metadata = new JsonObject();
        managed.WriteTo(metadata);
        Assert.Equal("y z b c a", string.Join(' ', metadata.Objects("managedFields").Select(e => e.Text("manager"))));
        Assert.Equal(
            """{"manager":"y","operation":"Apply","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"f:a":{}},"subresource":"status"}""",
            ((JsonArray)metadata["managedFields"]!)[0]!.ToJsonString());

        Assert.True(ManagedFields.Of(metadata).TryGet(out var read, out _));
        var again = new JsonObject();
        read.WriteTo(again);
        Assert.Equal(metadata.ToJsonString(), again.ToJsonString());
        Assert.Equal(metadata.ToJsonString(), metadata.DeepClone().ToJsonString());
    }

    [Theory]
    [InlineData("""[{"operation":"Delete"}]""", "operation must be `Apply` or `Update`")]
    [InlineData("""[{"operation":"Apply"}]""", "apiVersion must not be empty")]
    [InlineData("""[{"operation":"Apply","apiVersion":"v1"}]""", "missing fieldsType in managed fields entry 0")]
    [InlineData("""[{"operation":"Apply","apiVersion":"v1","fieldsType":"V9"}]""", "invalid fieldsType \"V9\" in managed fields entry 0")]
    [InlineData("""[{"operation":"Apply","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"z":{}}}]""",
        "error decoding set: key must be 2 characters long:")]
    public void An_account_that_cannot_be_read_says_why(string list, string error)
    {
        Assert.False(ManagedFields.ReadChecked((JsonArray)JsonNode.Parse(list)!).TryGet(out _, out var failure));
        Assert.Equal(error, failure.Message);
    }

    [Theory]
    [InlineData("[]", true)]
    [InlineData("[{}]", true)]
    [InlineData("""[{"manager":"a"}]""", false)]
    [InlineData("[{},{}]", false)]
    public void An_empty_list_and_a_list_of_one_empty_entry_forget_all(string list, bool resets) =>
        Assert.Equal(resets, ManagedFields.IsReset((JsonArray)JsonNode.Parse(list)!));

    [Fact]
    public void Only_moved_times_are_no_difference()
    {
        var old = new ManagedFields([Entry("a", applied: true, "2026-01-01T00:00:00Z")]);
        Assert.False(old.DifferInTimesOnly(old));
        Assert.True(new ManagedFields([Entry("a", applied: true, "2026-01-01T00:00:09Z")]).DifferInTimesOnly(old));
        Assert.False(new ManagedFields([Entry("b", applied: true, "2026-01-01T00:00:09Z")]).DifferInTimesOnly(old));
    }

    private static ManagedFieldsEntry Entry(string manager, bool applied, string time) => new()
    {
        Manager = manager,
        Applied = applied,
        ApiVersion = "v1",
        Time = time,
        Subresource = manager == "y" ? "status" : "",
        Set = FieldSet.OfFields(["a"]),
    };
}

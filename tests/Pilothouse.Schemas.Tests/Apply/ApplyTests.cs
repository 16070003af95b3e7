using CsCheck;
using Pilothouse.Objects;

namespace Pilothouse.Schemas.Tests;

/// <summary>Applies by several managers, with what upstream's structured-merge-diff is tested for among them.</summary>
public class ApplyTests
{
    [Fact]
    public void A_document_becomes_the_object_and_its_sender_owns_what_it_names()
    {
        var thing = new LiveThing();
        Assert.Null(thing.Apply("one", """{"metadata":{"name":"x","labels":{"l":"1"}},"number":1,"list":[{"name":"a","value":1}],"set":["s"],"atomicMap":{"k":"v"}}"""));
        Assert.Equal("""{"list":[{"name":"a","value":1,"inner":{}}],"set":["s"],"atomicMap":{"k":"v"},"number":1}""", thing.Shown);
        Assert.Equal(""".atomicMap .list[name="a"] .list[name="a"].name .list[name="a"].value .metadata.labels.l .number .set[="s"]""", thing.Owned("one"));
    }

    [Fact]
    public void What_a_manager_gives_up_goes_and_what_others_own_stays()
    {
        var thing = new LiveThing();
        thing.Apply("one", """{"list":[{"name":"a"},{"name":"b"},{"name":"c"}]}""");
        thing.Apply("two", """{"list":[{"name":"c"},{"name":"d"}]}""", version: "v2");
        Assert.Null(thing.Apply("one", """{"list":[{"name":"a"}]}""", version: "v2"));
        Assert.Equal("""{"list":[{"name":"a","inner":{}},{"name":"c","inner":{}},{"name":"d","inner":{}}]}""", thing.Shown);
        Assert.Equal(""".list[name="a"] .list[name="a"].name""", thing.Owned("one"));
        Assert.Equal(""".list[name="c"] .list[name="c"].name .list[name="d"] .list[name="d"].name""", thing.Owned("two"));
    }

    [Fact]
    public void The_same_value_may_have_two_owners()
    {
        var thing = new LiveThing();
        thing.Apply("one", """{"list":[{"name":"a","value":0}]}""");
        Assert.Null(thing.Apply("two", """{"list":[{"name":"a","value":0}]}"""));
        Assert.False(thing.Changed);
        Assert.Equal(thing.Owned("one"), thing.Owned("two"));
        Assert.Equal("", thing.Managed.Entries.Single(e => e.Manager == "two").Time);

        thing.Apply("one", "{}");
        Assert.Equal("""{"list":[{"name":"a","value":0,"inner":{}}]}""", thing.Shown);
        Assert.Null(thing.Owned("one"));
    }

    [Fact]
    public void Another_value_is_a_conflict_that_names_the_owner_and_force_takes_the_field()
    {
        var thing = new LiveThing();
        thing.Apply("one", """{"list":[{"name":"a","value":0}],"number":1}""");
        var refused = thing.Apply("two", """{"list":[{"name":"a","value":1}]}""")!;
        Assert.Equal(409, refused.Code);
        Assert.Equal("Apply failed with 1 conflict: conflict with \"one\": .list[name=\"a\"].value", refused.Message);
        Assert.Equal([new StatusCause("FieldManagerConflict", "conflict with \"one\"", ".list[name=\"a\"].value")], refused.Details!.Causes);

        Assert.Null(thing.Apply("two", """{"list":[{"name":"a","value":1}]}""", force: true));
        Assert.Equal(""".list[name="a"] .list[name="a"].name .number""", thing.Owned("one"));
        Assert.Equal(""".list[name="a"] .list[name="a"].name .list[name="a"].value""", thing.Owned("two"));
    }

    [Fact]
    public void Conflicts_with_several_managers_are_listed_by_manager()
    {
        var thing = new LiveThing();
        thing.Apply("one", """{"map":{"a":"1","b":"1"}}""");
        thing.Apply("two", """{"map":{"a":"1"}}""");
        thing.Update("upd", """{"map":{"a":"1","b":"1"},"number":5}""");
        Assert.Equal(
            "Apply failed with 4 conflicts: conflicts with \"one\":\n- .map.a\n- .map.b\nconflicts with \"two\":\n- .map.a\nconflicts with \"upd\" using t/v1:\n- .number",
            thing.Apply("three", """{"map":{"a":"9","b":"9"},"number":6}""")!.Message);
    }

    [Fact]
    public void An_update_takes_what_it_changes()
    {
        var thing = new LiveThing();
        thing.Apply("one", """{"map":{"a":"1","b":"1"},"struct":{"a":"x"}}""");
        thing.Update("upd", """{"map":{"a":"2"},"struct":{"a":"x"},"number":1}""");
        Assert.Equal(".struct.a", thing.Owned("one"));
        Assert.Equal(".map.a .number", thing.Owned("upd"));
        thing.Update("again", """{"map":{"a":"2"},"struct":{"a":"x"},"number":1}""");
        Assert.Null(thing.Owned("again"));
    }

    [Fact]
    public void A_new_list_element_and_a_new_struct_belong_to_their_maker_as_such()
    {
        var thing = new LiveThing();
        thing.Update("made", """{"number":1}""");
        thing.Update("upd", """{"number":1,"struct":{"a":"x"},"list":[{"name":"a"}],"atomicList":["b","a"],"map":{"k":""}}""");
        Assert.Equal(
            """.atomicList .list .list[name="a"] .list[name="a"].inner .list[name="a"].name .map .map.k .struct .struct.a""", thing.Owned("upd"));
    }

    [Fact]
    public void Lists_keep_the_objects_order_unless_the_document_has_another()
    {
        var thing = new LiveThing();
        thing.Apply("one", """{"set":["a","b","c"]}""");
        thing.Apply("two", """{"set":["x","b"]}""");
        Assert.Equal("""{"set":["a","x","b","c"]}""", thing.Shown);
        thing.Apply("one", """{"set":["c","b","a"]}""");
        Assert.Equal("""{"set":["x","c","b","a"]}""", thing.Shown);
    }

    [Fact]
    public void Keys_that_are_left_out_have_their_defaults()
    {
        var thing = new LiveThing();
        thing.Apply("one", """{"ports":[{"port":80},{"port":80,"protocol":"UDP"}]}""");
        Assert.Equal(
            """.ports[port=80,protocol="TCP"] .ports[port=80,protocol="TCP"].port .ports[port=80,protocol="UDP"] """
            + """.ports[port=80,protocol="UDP"].port .ports[port=80,protocol="UDP"].protocol""",
            thing.Owned("one"));
        var refused = thing.Apply("one", """{"ports":[{"port":80},{"port":80,"protocol":"TCP"}]}""")!;
        Assert.Equal(500, refused.Code);
        Assert.EndsWith(": .ports: duplicate entries for key [port=80,protocol=\"TCP\"]", refused.Message);
    }

    [Theory]
    [InlineData("""{"nosuch":1}""", ".nosuch: field not declared in schema")]
    [InlineData("""{"number":"1"}""", ".number: expected numeric (int or float), got string")]
    [InlineData("""{"map":{"a":1}}""", ".map.a: expected string, got &value.valueUnstructured{Value:1}")]
    [InlineData("""{"map":{"a":{"b":"c"}}}""", """.map.a: expected string, got &value.valueUnstructured{Value:map[string]interface {}{"b":"c"}}""")]
    [InlineData("""{"map":"x"}""", ".map: expected map, got &{x}")]
    [InlineData("""{"list":{"a":"b"}}""", ".list: expected list, got &{map[a:b]}")]
    [InlineData("""{"list":["x"]}""", ".list: element 0: associative list with keys may not have non-map elements")]
    [InlineData("""{"set":[null]}""", ".set: element 0: associative list without keys has an element that's an explicit null")]
    [InlineData("""{"set":[["x"]]}""", ".set: element 0: not supported: associative list with lists as elements")]
    [InlineData("""{"set":["a","a"]}""", ".set: duplicate entries for key [=\"a\"]")]
    [InlineData("""{"number":"1","map":{"a":true}}""",
        "errors:\n  .number: expected numeric (int or float), got string\n  .map.a: expected string, got &value.valueUnstructured{Value:true}")]
    public void A_document_that_cannot_be_merged_says_where(string document, string fault)
    {
        var refused = new LiveThing().Apply("one", document)!;
        Assert.Equal(500, refused.Code);
        Assert.Equal("failed to create typed patch object (/; t/v1, Kind=Thing): " + fault, refused.Message);
    }

    [Fact]
    public void Versions_are_compared_in_their_own_terms()
    {
        var thing = new LiveThing();
        thing.Apply("one", """{"oldName":"x","number":1}""");
        Assert.Equal("Apply failed with 1 conflict: conflict with \"one\": .oldName", thing.Apply("two", """{"newName":"y"}""", version: "v2")!.Message);
        Assert.Null(thing.Apply("two", """{"newName":"y"}""", force: true, version: "v2"));
        Assert.Equal(".number", thing.Owned("one"));
        Assert.Equal(".newName", thing.Owned("two"));
        Assert.Null(thing.Apply("two", "{}", version: "v1"));
        Assert.Equal("""{"number":1}""", thing.Shown);
    }

    [Fact]
    public void An_object_without_an_account_was_there_before_the_first_apply()
    {
        var fields = Things.Fields();
        var live = FieldManager.Written(Things.Normal("""{"kind":"Thing","apiVersion":"t/v1","map":{"a":"1"}}"""), Things.V1);
        var document = Things.Parse("""{"kind":"Thing","apiVersion":"t/v1","map":{"a":"2"}}""");
        Assert.False(fields.Apply(live, document, ManagedFields.None, "one", false, "2026-01-01T00:00:00Z").TryGet(out _, out var refused));
        Assert.Equal("Apply failed with 1 conflict: conflict with \"before-first-apply\" using t/v1: .map.a", refused.Message);
    }

    [Fact]
    public void What_kubectl_applied_itself_before_is_kubectls()
    {
        var last = """{"apiVersion":"t/v1","kind":"Thing","map":{"a":"1"},"number":1}""";
        var thing = new LiveThing();
        var annotation = System.Text.Json.JsonSerializer.Serialize(last, JsonText.Default.String);
        thing.Update("kubectl-client-side-apply",
            """{"map":{"a":"1"},"number":2,"metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":""" + annotation + "}}}");
        Assert.Equal(
            "Apply failed with 1 conflict: conflict with \"kubectl-client-side-apply\" using t/v1: .number",
            thing.Apply("kubectl", """{"map":{"a":"3"},"number":4}""")!.Message);
        Assert.Null(thing.Apply("kubectl", """{"map":{"a":"3"}}"""));
        Assert.Equal(409, thing.Apply("other", """{"map":{"a":"4"}}""")!.Code);
    }

    [Fact]
    public void A_quantity_in_other_words_is_another_value_to_a_merge_and_no_change_in_the_end()
    {
        var thing = new LiveThing();
        thing.Apply("one", """{"amount":"1000m"}""");
        Assert.Equal("""{"amount":"1"}""", thing.Shown);
        thing.Apply("one", """{"amount":"1000m"}""");
        Assert.True(thing.Changed);
        Assert.Equal("""{"amount":"1"}""", thing.Shown);
    }

    [Fact]
    public void Fields_that_an_endpoint_resets_have_no_owner()
    {
        var fields = Things.Fields(filter: FieldFilter.Excluding(["struct"]));
        var managed = fields.Create(Things.Normal("""{"number":1,"struct":{"a":"x"}}"""), ManagedFields.None, "one", "2026-01-01T00:00:00Z");
        Assert.Equal(".number", managed.Entries.Single().Set.ToString());
        fields = Things.Fields(filter: FieldFilter.Including(["list", "*", "value"]));
        managed = fields.Create(Things.Normal("""{"number":1,"list":[{"name":"a","value":1}]}"""), ManagedFields.None, "one", "2026-01-01T00:00:00Z");
        Assert.Contains(".list[name=\"a\"].value", managed.Entries.Single().Set.Paths());
        Assert.DoesNotContain(".number", managed.Entries.Single().Set.Paths());
    }

    [Fact]
    public void Only_ten_managers_of_updates_are_kept_apart()
    {
        var thing = new LiveThing();
        for (var i = 0; i < 15; i++)
            thing.Update($"m{i:00}", "{\"map\":{" + string.Join(',', Enumerable.Range(0, i + 1).Select(n => $"\"k{n:00}\":\"1\"")) + "}}");
        Assert.Equal(10, thing.Managed.Entries.Count);
        Assert.Equal(".map .map.k00 .map.k01 .map.k02 .map.k03 .map.k04 .map.k05", thing.Owned("ancient-changes"));
        Assert.Null(thing.Owned("m05"));
        Assert.Equal(".map.k06", thing.Owned("m06"));
    }

    // Documents of the kind above, with values that merge cleanly: a field's value follows from its place.
    private static readonly Gen<string[]> Letters = Gen.Int[0, 3].Select(i => ((char)('a' + i)).ToString()).Array[0, 4].Select(a => a.Distinct().ToArray());

    private static readonly Gen<string> Documents = Gen.Select(Letters, Letters, Letters, Gen.Bool, Gen.Bool).Select((list, set, map, number, atomic) =>
    {
        // Empty lists and maps are values of their own, which a stored object does not keep: see the test below.
        List<string> fields = [];
        if (list.Length > 0)
            fields.Add("\"list\":[" + string.Join(',', list.Select(n => $"{{\"name\":\"{n}\",\"value\":7,\"inner\":{{\"a\":\"{n}\"}}}}")) + "]");
        if (set.Length > 0)
            fields.Add("\"set\":[" + string.Join(',', set.Select(s => $"\"{s}\"")) + "]");
        if (map.Length > 0)
            fields.Add("\"map\":{" + string.Join(',', map.Select(k => $"\"{k}\":\"v\"")) + "}");
        if (number)
            fields.Add("\"number\":3");
        if (atomic)
            fields.Add("\"atomicList\":[\"x\"]");
        return "{" + string.Join(',', fields) + "}";
    });

    [Fact]
    public void Applying_the_same_again_changes_nothing() =>
        Gen.Select(Documents, Documents).Sample((first, second) =>
        {
            var thing = new LiveThing();
            Assert.Null(thing.Apply("one", first));
            Assert.Null(thing.Apply("two", second));
            var (before, managed) = (thing.Object, thing.Managed);
            Assert.Null(thing.Apply("one", first));
            // At most the order of a list.
            Assert.True(ObjectComparison.OfObjects(before, thing.Object, Things.V1).IsSame);
            Assert.Equal(managed.Entries.Count, thing.Managed.Entries.Count);
            Assert.Null(thing.Apply("one", first));
            Assert.False(thing.Changed);
        });

    [Fact]
    public void A_manager_owns_what_it_applied_and_nothing_is_left_when_all_let_go() =>
        Gen.Select(Documents, Documents).Sample((first, second) =>
        {
            var thing = new LiveThing();
            thing.Apply("one", first);
            thing.Apply("two", second);
            if (thing.Owned("one") is { } owned)
                Assert.Equal(AppliedFields.Of(Things.Parse(first), Things.V1).Paths().Order(StringComparer.Ordinal), owned.Split(' '));
            thing.Apply("one", "{}");
            thing.Apply("two", "{}");
            Assert.Equal("{}", thing.Shown);
            Assert.True(thing.Managed.IsEmpty);
        });

    [Fact]
    public void An_empty_map_is_owned_as_such()
    {
        var thing = new LiveThing();
        thing.Apply("one", """{"map":{"a":"1"}}""");
        Assert.Null(thing.Apply("two", """{"map":{}}"""));
        Assert.Equal(".map", thing.Owned("two"));
        Assert.Null(thing.Apply("one", """{"map":{}}"""));
        Assert.Equal("{}", thing.Shown);
        Assert.Equal("Apply failed with 1 conflict: conflict with \"one\": .map", thing.Apply("two", """{"map":{}}""")!.Message);
    }

    [Fact]
    public void What_two_apply_is_there_whoever_comes_first() =>
        Gen.Select(Documents, Documents).Sample((first, second) =>
        {
            var (one, two) = (new LiveThing(), new LiveThing());
            one.Apply("one", first);
            one.Apply("two", second);
            two.Apply("two", second);
            two.Apply("one", first);
            // But for the order of lists.
            var comparison = ObjectComparison.OfObjects(one.Object, two.Object, Things.V1);
            Assert.True(comparison.IsSame, $"{comparison.Removed} {comparison.Modified} {comparison.Added}");
        });
}

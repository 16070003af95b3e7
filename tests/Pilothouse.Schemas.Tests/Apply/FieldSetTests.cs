using CsCheck;

namespace Pilothouse.Schemas.Tests;

/// <summary>The algebra of field sets, against plain sets of paths.</summary>
public class FieldSetTests
{
    private static readonly string[] Steps = ["f:a", "f:b", "k:{\"name\":\"x\"}", "k:{\"port\":80,\"protocol\":\"TCP\"}", "v:\"x\"", "v:1", "i:2"];

    private static readonly Gen<string[]> Paths = Gen.Int[0, Steps.Length - 1].Select(i => Steps[i]).Array[1, 4];

    private static readonly Gen<string[][]> Sets = Paths.Array[0, 8];

    [Fact]
    public void Union_intersection_and_difference_are_those_of_sets_of_paths() =>
        Gen.Select(Sets, Sets).Sample((left, right) =>
        {
            var (l, r) = (Of(left), Of(right));
            Assert.Equal(Keys(left).Union(Keys(right)).Order(), Keys(l.Union(r)));
            Assert.Equal(Keys(left).Intersect(Keys(right)).Order(), Keys(l.Intersection(r)));
            Assert.Equal(Keys(left).Except(Keys(right)).Order(), Keys(l.Difference(r)));
            Assert.Equal(Keys(left).All(Keys(right).Contains), l.IsWithin(r));
        });

    [Fact]
    public void A_recursive_difference_takes_what_lies_below_along() =>
        Gen.Select(Sets, Sets).Sample((left, right) =>
        {
            var expected = left.Where(path => !right.Any(gone => path.Take(gone.Length).SequenceEqual(gone))).ToArray();
            Assert.Equal(Keys(expected).Order(), Keys(Of(left).RecursiveDifference(Of(right))));
        });

    [Fact]
    public void What_is_written_is_read() =>
        Sets.Sample(paths =>
        {
            var set = Of(paths);
            var text = FieldsV1.Write(set);
            Assert.True(FieldsV1.Read(text).TryGet(out var read, out _));
            Assert.True(read.SetEquals(set));
            Assert.Equal(text, FieldsV1.Write(read));
        });

    [Fact]
    public void Sets_that_do_not_touch_have_nothing_in_common() =>
        Gen.Select(Sets, Sets).Sample((left, right) =>
        {
            var (l, r) = (Of(left), Of(right));
            if (FieldsV1.Touches(FieldsV1.Write(l), r))
                return;
            Assert.True(l.Intersection(r).IsEmpty);
            Assert.True(l.Difference(r).SetEquals(l));
        });

    [Theory]
    [InlineData("""{"f:a":{}}""", ".a")]
    [InlineData("""{"f:a":{".":{},"f:b":{}}}""", ".a .a.b")]
    [InlineData("""{"f:a":{"f:b":{}}}""", ".a.b")]
    [InlineData("""{"f:l":{"k:{\"name\":\"x\"}":{".":{},"f:name":{}}}}""", """.l[name="x"] .l[name="x"].name""")]
    [InlineData("""{"f:l":{"k:{\"port\":80,\"protocol\":\"TCP\"}":{}}}""", """.l[port=80,protocol="TCP"]""")]
    [InlineData("""{"f:s":{"v:\"a&b\"":{},"v:1.5":{},"v:true":{}}}""", """.s[=1.5] .s[="a&b"] .s[=true]""")]
    [InlineData("""{"f:l":{"i:3":{}}}""", ".l[3]")]
    [InlineData("""{"x:future":{},"f:a":{}}""", ".a")]
    [InlineData("{}", "")]
    public void Text_forms_are_read(string text, string paths)
    {
        Assert.True(FieldsV1.Read(System.Text.Encoding.UTF8.GetBytes(text)).TryGet(out var set, out _));
        Assert.Equal(paths, string.Join(' ', set.Paths()));
    }

    [Theory]
    [InlineData("""{"f":{}}""", "key must be 2 characters long:")]
    [InlineData("""{"fa:":{}}""", "missing colon: fa:")]
    [InlineData("""{"k:x":{}}""", "invalid path element \"k:x\"")]
    [InlineData("""{"f:a":1}""", "expected an object of path elements")]
    [InlineData("""{"f:a":{}""", "unexpected end of JSON input")]
    public void What_is_no_field_set_is_refused(string text, string error)
    {
        Assert.False(FieldsV1.Read(System.Text.Encoding.UTF8.GetBytes(text)).TryGet(out _, out var failure));
        Assert.Equal(error, failure.Message);
    }

    [Fact]
    public void Elements_are_sorted_names_first_then_keys_values_and_indexes()
    {
        string[] sorted = ["f:a", "f:b", "k:{\"a\":1}", "k:{\"a\":2}", "k:{\"a\":\"1\"}", "v:1", "v:2", "v:\"a\"", "v:true", "i:0", "i:1"];
        var elements = sorted.Reverse().Select(s => PathElement.Parse(s, out _)!).Order().Select(e => e.Text);
        Assert.Equal(sorted, elements);
    }

    [Fact]
    public void Text_in_elements_is_escaped_as_upstream_escapes_it() =>
        Assert.Equal("v:\"a\\u003c\\u0026\\\"\\\\\"", PathElement.Value(FieldScalar.Of("a<&\"\\")).Text);

    private static FieldSet Of(string[][] paths)
    {
        var builder = new FieldSetBuilder(1);
        foreach (var path in paths)
        {
            foreach (var step in path)
                builder.Push(PathElement.Parse(step, out _)!);
            builder.Insert(0);
            foreach (var _ in path)
                builder.Pop();
        }
        return builder.Take(0);
    }

    private static HashSet<string> Keys(string[][] paths) =>
        [.. paths.Select(p => string.Concat(p.Select(s => PathElement.Parse(s, out _)!.ToString())))];

    private static string[] Keys(FieldSet set) => [.. set.Paths().Order()];
}

using System.Text.Json.Nodes;
using CsCheck;

namespace Pilothouse.Objects.Tests;

public class LabelSelectorTests
{
    private const string Name = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    [Theory]
    [InlineData("a=1", true)]
    [InlineData("a==1", true)]
    [InlineData(" a = 1 , b in ( x , y ) ", true)]
    [InlineData("a!=1", false)]
    [InlineData("a!=2", true)]
    [InlineData("nosuch!=x", true)]
    [InlineData("a in (2,1)", true)]
    [InlineData("a notin (2,3)", true)]
    [InlineData("a notin (1)", false)]
    [InlineData("nosuch notin (1)", true)]
    [InlineData("a", true)]
    [InlineData("!a", false)]
    [InlineData("!nosuch", true)]
    [InlineData("a>0", true)]
    [InlineData("a<1", false)]
    [InlineData("b>0", false)]
    [InlineData("empty=", true)]
    [InlineData("empty", true)]
    [InlineData("empty!=", false)]
    [InlineData("empty in ()", true)]
    [InlineData("empty in (,a)", true)]
    [InlineData("empty in (a,)", true)]
    [InlineData("empty in (a)", false)]
    [InlineData("in in (in,notin)", true)]
    [InlineData("a,", null)]
    [InlineData("", true)]
    public void A_selector_matches_as_it_reads(string text, bool? matches)
    {
        string[] labels = ["a", "1", "b", "x", "empty", "", "in", "notin"];
        var parsed = LabelSelector.Parse(text);
        Assert.Equal(matches, parsed.Succeeded ? parsed.Value.Matches(labels) : null);
    }

    [Theory]
    [InlineData("a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt")]
    [InlineData("a=b=c", "found '=', expected: ',' or 'end of string'")]
    [InlineData("a in b", "unable to parse requirement: found 'b' expected: '('")]
    [InlineData("a in (b", "unable to parse requirement: found '', expected: ',' or ')'")]
    [InlineData("in (a)", "unable to parse requirement: found '(', expected: in, notin, =, ==, !=, gt, lt")]
    [InlineData("a,,b", "found ',', expected: identifier after ','")]
    [InlineData("!", "unable to parse requirement: found '', expected: identifier")]
    [InlineData("!!a", "unable to parse requirement: found '!', expected: identifier")]
    [InlineData("a=b c", "found 'c', expected: ',' or 'end of string'")]
    [InlineData("a/b/c=d", "unable to parse requirement: <nil>: Invalid value: \"a/b/c\": a valid label key " + Name + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')")]
    [InlineData("-a=b", "unable to parse requirement: <nil>: Invalid value: \"-a\": name part " + Name)]
    [InlineData("é=1", "unable to parse requirement: <nil>: Invalid value: \"é\": name part " + Name)]
    [InlineData("a>x", "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer")]
    [InlineData("a>", "unable to parse requirement: values[0]: Invalid value: \"\": for 'Gt', 'Lt' operators, the value must be an integer")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx=y", "unable to parse requirement: <nil>: Invalid value: \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\": name part must be no more than 63 bytes")]
    [InlineData("a=yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", "unable to parse requirement: values[0][a]: Invalid value: \"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\": must be no more than 63 bytes")]
    [InlineData("a notin", "unable to parse requirement: found '' expected: '('")]
    [InlineData("a ni (b)", "unable to parse requirement: found 'ni', expected: in, notin, =, ==, !=, gt, lt")]
    [InlineData("(a)", "found '(', expected: !, identifier, or 'end of string'")]
    [InlineData("a=(b)", "unable to parse requirement: found '(', expected: identifier")]
    public void A_selector_that_does_not_parse_is_a_400(string text, string message)
    {
        var failure = LabelSelector.Parse(text).Failure;
        Assert.Equal((400, "BadRequest", message), (failure?.Code, failure?.Reason, failure?.Message));
    }

    [Fact]
    public void A_selector_object_means_the_same_as_its_text()
    {
        var selector = JsonNode.Parse("""
            {"matchLabels":{"a":"1"},"matchExpressions":[{"key":"b","operator":"In","values":["x","y"]},{"key":"c","operator":"DoesNotExist"}]}
            """)!.AsObject();
        Assert.Equal("a=1,b in (x,y),!c", LabelSelector.FromObject(selector).Value.ToString());
        Assert.True(LabelSelector.FromObject([]).Value.IsEverything);
        Assert.False(LabelSelector.FromObject(null).Value.Matches(["a", "1"]));
        Assert.Equal("\"Wat\" is not a valid label selector operator",
            LabelSelector.FromObject(JsonNode.Parse("""{"matchExpressions":[{"key":"b","operator":"Wat"}]}""")!.AsObject()).Failure?.Message);
    }

    [Fact]
    public void Any_text_is_either_a_selector_or_a_400() =>
        Gen.Char["ab=!,()<> \n\0é-/"].Array[0, 12].Sample(characters =>
        {
            var parsed = LabelSelector.Parse(new string(characters));
            if (parsed.Succeeded)
                Assert.Equal(parsed.Value.ToString(), LabelSelector.Parse(parsed.Value.ToString()).Value.ToString());
            else
                Assert.Equal(400, parsed.Failure.Code);
        });

    [Fact]
    public void Matching_allocates_nothing()
    {
        var selector = LabelSelector.Parse("a=1,b in (x,y),!c,a>0").Value;
        string[] labels = ["a", "1", "b", "x"];
        Assert.True(selector.Matches(labels));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            selector.Matches(labels);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 500);
    }
}

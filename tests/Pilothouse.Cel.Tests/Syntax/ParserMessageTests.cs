using CsCheck;

namespace Pilothouse.Cel.Tests.Syntax;

/// <summary>Clients see these texts in the answers to policies that do not compile.</summary>
public class ParserMessageTests
{
    private const string Start =
        "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

    [Theory]
    [InlineData("0xFFFFFFFFFFFFFFFFF", "1:1: invalid int literal")]
    [InlineData("0xFFFFFFFFFFFFFFFFFu", "1:1: invalid uint literal")]
    [InlineData("1.99e90000009", "1:1: invalid double literal")]
    [InlineData("*@a | b", "1:1: Syntax error: extraneous input '*' expecting " + Start,
        "1:2: Syntax error: token recognition error at: '@'", "1:5: Syntax error: token recognition error at: '| '",
        "1:7: Syntax error: extraneous input 'b' expecting <EOF>")]
    [InlineData("has(m)", "1:5: invalid argument to has() macro")]
    [InlineData("m.map(__result__, __result__)", "1:7: iteration variable overwrites accumulator variable")]
    [InlineData("m.filter(a.b, false)", "1:11: argument is not an identifier")]
    [InlineData("{", "1:2: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '}', '(', '.', ',', '-', '!', '?', " +
        "'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}")]
    [InlineData("TestAllTypes(){}", "1:15: Syntax error: mismatched input '{' expecting <EOF>")]
    [InlineData("TestAllTypes{}()", "1:15: Syntax error: mismatched input '(' expecting <EOF>")]
    [InlineData("1 + $", "1:5: Syntax error: token recognition error at: '$'",
        "1:6: Syntax error: mismatched input '<EOF>' expecting " + Start)]
    [InlineData("1 + 2\n3 +", "2:1: Syntax error: mismatched input '3' expecting <EOF>")]
    [InlineData("1.all(2, 3)", "1:7: argument must be a simple name")]
    [InlineData("1 + +", "1:5: Syntax error: mismatched input '+' expecting " + Start,
        "1:6: Syntax error: mismatched input '<EOF>' expecting " + Start)]
    [InlineData("{\"a\": 1}.\"a\"", "1:10: Syntax error: no viable alternative at input '.\"a\"'")]
    [InlineData("\"\\xFh\"", "1:1: Syntax error: token recognition error at: '\"\\xFh'",
        "1:6: Syntax error: token recognition error at: '\"'", "1:7: Syntax error: mismatched input '<EOF>' expecting " + Start)]
    [InlineData("as", "1:1: reserved identifier: as")]
    [InlineData("in", "1:1: Syntax error: mismatched input 'in' expecting " + Start,
        "1:3: Syntax error: mismatched input '<EOF>' expecting " + Start)]
    [InlineData("[1, 2, 3].map(var, var * var)", "1:15: reserved identifier: var", "1:15: argument is not an identifier",
        "1:20: reserved identifier: var", "1:26: reserved identifier: var")]
    [InlineData("func{{a}}", "1:6: Syntax error: extraneous input '{' expecting {'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}",
        "1:8: Syntax error: mismatched input '}' expecting ':'", "1:9: Syntax error: extraneous input '}' expecting <EOF>")]
    [InlineData("msg{:a}", "1:5: Syntax error: extraneous input ':' expecting {'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}",
        "1:7: Syntax error: mismatched input '}' expecting ':'")]
    [InlineData("{a}", "1:3: Syntax error: mismatched input '}' expecting ':'")]
    [InlineData("ind[a{b}]", "1:8: Syntax error: mismatched input '}' expecting ':'")]
    [InlineData("--", "1:3: Syntax error: no viable alternative at input '-'",
        "1:3: Syntax error: mismatched input '<EOF>' expecting " + Start)]
    [InlineData("?", "1:1: Syntax error: mismatched input '?' expecting " + Start,
        "1:2: Syntax error: mismatched input '<EOF>' expecting " + Start)]
    [InlineData("x y", "1:3: Syntax error: extraneous input 'y' expecting <EOF>")]
    [InlineData("Object{bad", "1:11: Syntax error: mismatched input '<EOF>' expecting ':'")]
    [InlineData("foo(1", "1:6: Syntax error: missing ')' at '<EOF>'")]
    [InlineData("a.", "1:3: Syntax error: no viable alternative at input '.'")]
    [InlineData("a.true", "1:3: Syntax error: mismatched input 'true' expecting IDENTIFIER")]
    [InlineData("a ? b", "1:6: Syntax error: mismatched input '<EOF>' expecting ':'")]
    [InlineData("[1 2]", "1:4: Syntax error: extraneous input '2' expecting {']', ','}")]
    [InlineData("foo(", "1:5: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', ')', '.', '-', '!', 'true', " +
        "'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}")]
    public void A_text_that_is_no_expression_is_reported_in_upstreams_words(string text, params string[] expected)
    {
        var issues = CelEnvironment.Kubernetes.Compile(text).Issues;
        Assert.Equal(expected, issues.Select(i => $"{i.Line}:{i.Column + 1}: {i.Message}"));
    }

    [Fact]
    public void The_line_and_a_mark_are_shown_with_the_message()
    {
        var compiled = CelEnvironment.Kubernetes.WithVariable("object", CelType.Dyn).Compile("object.x ==");
        Assert.Equal("ERROR: <input>:1:12: Syntax error: mismatched input '<EOF>' expecting " + Start +
            "\n | object.x ==\n | ...........^", compiled.ErrorText);
    }

    [Fact]
    public void Wide_characters_get_wide_dots_and_lines_are_counted()
    {
        var compiled = CelEnvironment.Kubernetes.Compile("      '😁' in ['😁', '😑', '😦']\n\t&& in.😁");
        Assert.Equal("""
            ERROR: <input>:2:5: Syntax error: extraneous input 'in' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}
             |  && in.😁
             | ....^
            ERROR: <input>:2:8: Syntax error: token recognition error at: '😁'
             |  && in.😁
             | .......＾
            ERROR: <input>:2:9: Syntax error: no viable alternative at input '.'
             |  && in.😁
             | .......．^
            """.ReplaceLineEndings("\n"), compiled.ErrorText);
    }

    [Theory]
    [InlineData("[", 300)]
    [InlineData("(", 300)]
    [InlineData("a.", 300)]
    [InlineData("1+", 300)]
    [InlineData("-", 100_000)]
    [InlineData("!", 90_000)]
    [InlineData("a?b:", 300)]
    public void Deep_texts_are_refused_without_harm(string part, int times)
    {
        var compiled = CelEnvironment.Kubernetes.Compile(string.Concat(Enumerable.Repeat(part, times)));
        Assert.NotEmpty(compiled.Issues);
    }

    [Fact]
    public void Any_text_either_compiles_or_is_reported()
    {
        var words = new[] { "a", ".", "b", "(", ")", "[", "]", "{", "}", ",", ":", "?", "!", "-", "1", "2.5", "'x'", "in", "&&", "||",
            "==", "has", ".map(x, x)", "true", "null", "`q`", "$", "\"", "\\", "b'", "r\"" };
        Check.Sample(Texts(words), text =>
        {
            var compiled = CelEnvironment.Kubernetes.Compile(text);
            Assert.True(compiled.Program is not null || compiled.ErrorText.StartsWith("ERROR: <input>:", StringComparison.Ordinal), text);
        }, iter: 3000);
    }

    private static Gen<string> Texts(string[] words) =>
        Gen.Select(Gen.Int[0, words.Length - 1], i => words[i]).Array[0, 14].Select(parts => string.Concat(parts));
}

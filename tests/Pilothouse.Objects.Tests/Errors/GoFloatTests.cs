using System.Text.Json.Nodes;

namespace Pilothouse.Objects.Tests.Errors;

public sealed class GoFloatTests
{
    [Theory]
    [InlineData(0, "0", "0")]
    [InlineData(-0.0, "-0", "-0")]
    [InlineData(1.5, "1.5", "1.5")]
    [InlineData(100000, "100000", "100000")]
    [InlineData(1000000, "1e+06", "1000000")]
    [InlineData(-1234567.5, "-1.2345675e+06", "-1234567.5")]
    [InlineData(0.0001, "0.0001", "0.0001")]
    [InlineData(0.00001, "1e-05", "0.00001")]
    [InlineData(1.5e-7, "1.5e-07", "1.5e-7")]
    [InlineData(1e-10, "1e-10", "1e-10")]
    [InlineData(1e20, "1e+20", "100000000000000000000")]
    [InlineData(1e21, "1e+21", "1e+21")]
    [InlineData(5e-324, "5e-324", "5e-324")]
    public void Fmt_and_json_have_their_own_exponents(double number, string printed, string marshalled) =>
        Assert.Equal((printed, marshalled), (GoFloat.General(number), GoFloat.Marshal(number)));

    [Fact]
    public void Floats_in_maps_are_printed_so() =>
        Assert.Equal("map[a:1.2345675e+06 b:1234567 c:[0.5]]", GoValue.Print(JsonNode.Parse("""{"a":1234567.5,"b":1234567,"c":[0.5]}""")));
}

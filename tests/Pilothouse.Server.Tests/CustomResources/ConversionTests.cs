using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Server.Tests.Webhooks;

namespace Pilothouse.Server.Tests.CustomResources;

public sealed class ConversionTests
{
    private const string Newer = DefinedServer.Group + "v2/namespaces/ns/widgets";

    private const string Versions = """
        [{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"size":{"type":"string"}}}}}}},
         {"name":"v2","served":true,"storage":false,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"width":{"type":"integer"}}}}}}}]
        """;

    /// <summary>Converts spec.size of v1, a text, to spec.width of v2, a number, and back.</summary>
    private static JsonObject Convert(JsonNode review)
    {
        var wanted = review["request"]!["desiredAPIVersion"]!.GetValue<string>();
        var converted = new JsonArray();
        foreach (var obj in review["request"]!["objects"]!.AsArray())
        {
            var copy = obj!.DeepClone();
            copy["apiVersion"] = wanted;
            copy["spec"] = wanted.EndsWith("v2", StringComparison.Ordinal)
                ? new JsonObject { ["width"] = int.Parse(obj["spec"]!["size"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture) }
                : new JsonObject { ["size"] = obj["spec"]!["width"]!.ToJsonString() };
            converted.Add(copy);
        }
        return new()
        {
            ["kind"] = "ConversionReview",
            ["apiVersion"] = review["apiVersion"]!.GetValue<string>(),
            ["response"] = new JsonObject
            {
                ["uid"] = review["request"]!["uid"]!.GetValue<string>(),
                ["result"] = new JsonObject { ["status"] = "Success" },
                ["convertedObjects"] = converted,
            },
        };
    }

    private static async Task<TestServer> StartAsync(TestWebhook webhook)
    {
        var bundle = System.Convert.ToBase64String(Encoding.UTF8.GetBytes(webhook.Authority.Pem));
        var server = await DefinedServer.StartAsync();
        var conversion = new JsonObject
        {
            ["strategy"] = "Webhook",
            ["webhook"] = new JsonObject
            {
                ["conversionReviewVersions"] = new JsonArray("v1"),
                ["clientConfig"] = new JsonObject { ["url"] = webhook.Address + "/", ["caBundle"] = bundle },
            },
        };
        await server.DefineAsync(Versions, ",\"conversion\":" + conversion.ToJsonString());
        return server;
    }

    [Fact]
    public async Task Objects_are_read_and_written_in_a_version_that_a_webhook_converts()
    {
        await using var webhook = await TestWebhook.StartAsync(Convert);
        await using var server = await StartAsync(webhook);
        await server.CreateAsync("a", "\"spec\":{\"size\":\"3\"}");
        var (_, shown, _) = await server.SendAsync("GET", Newer + "/a");
        Assert.Equal(("example.com/v2", "{\"width\":3}"), (shown!["apiVersion"]!.GetValue<string>(), shown["spec"]!.ToJsonString()));
        var (code, changed, _) = await server.SendAsync("PATCH", Newer + "/a", """{"spec":{"width":4}}""", "application/merge-patch+json");
        Assert.Equal((200, "{\"width\":4}"), (code, changed!["spec"]!.ToJsonString()));
        Assert.Equal("{\"size\":\"4\"}", (await server.SendAsync("GET", DefinedServer.Widgets + "/a")).Body!["spec"]!.ToJsonString());

        await server.CreateAsync("b", "\"spec\":{\"size\":\"5\"}");
        await server.CreateAsync("c", "\"spec\":{\"size\":\"6\"}");
        var before = webhook.Calls.Count;
        var (_, list, _) = await server.SendAsync("GET", Newer);
        Assert.Equal([4, 5, 6], list!["items"]!.AsArray().Select(i => i!["spec"]!["width"]!.GetValue<int>()));
        Assert.InRange(webhook.Calls.Count - before, 0, 1);
        server.AssertNoFaults();
    }

    [Theory]
    [InlineData("uid", "expected response.uid=")]
    [InlineData("name", "must have the same name: a != other")]
    [InlineData("number", "cannot unmarshal number 1e999")]
    public async Task What_a_webhook_answers_is_not_trusted(string fault, string message)
    {
        await using var webhook = await TestWebhook.StartAsync(async (call, http) =>
        {
            var answer = Convert(JsonNode.Parse(call.Body)!);
            if (fault == "uid")
                answer["response"]!["uid"] = "wrong";
            if (fault == "name")
                answer["response"]!["convertedObjects"]![0]!["metadata"]!["name"] = "other";
            var text = answer.ToJsonString();
            http.Response.ContentType = "application/json";
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(
                http.Response, fault == "number" ? text.Replace("\"width\":3", "\"width\":1e999", StringComparison.Ordinal) : text);
        });
        await using var server = await StartAsync(webhook);
        await server.CreateAsync("a", "\"spec\":{\"size\":\"3\"}");
        var (code, body, _) = await server.SendAsync("GET", Newer + "/a");
        Assert.Equal(500, code);
        Assert.Contains(message, body!.Message());
        server.AssertNoFaults();
    }
}

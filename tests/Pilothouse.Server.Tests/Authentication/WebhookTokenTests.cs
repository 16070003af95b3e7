using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Pilothouse.Server.Authentication.Tokens;
using Pilothouse.Server.Tests.Webhooks;
using Pilothouse.Server.Webhooks;

namespace Pilothouse.Server.Tests.Authentication;

public class WebhookTokenTests
{
    private static readonly TimeSpan s_life = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("v1")]
    [InlineData("v1beta1")]
    public async Task The_webhook_says_who_it_is_and_is_believed_for_a_while(string version)
    {
        await using var webhook = await TestWebhook.StartAsync(review => Answer(review, """
            {"authenticated":true,"user":{"username":"jane","uid":"42","groups":["devs"],"extra":{"k":["v"]}}}
            """));
        await using var server = await StartAsync(webhook, version);

        var (code, user) = await server.WhoAmIAsync("their-token");
        await server.WhoAmIAsync("their-token");
        server.Time.Advance(TimeSpan.FromSeconds(60));
        await server.WhoAmIAsync("their-token");
        Assert.Single(webhook.Calls);
        server.Time.Advance(s_life);
        await server.WhoAmIAsync("their-token");

        Assert.Equal(201, code);
        Assert.Equal(
            """{"username":"jane","uid":"42","groups":["devs","system:authenticated"],"extra":{"k":["v"]}}""", user!.ToJsonString());
        Assert.Equal(2, webhook.Calls.Count);
        var review = JsonNode.Parse(webhook.Calls.First().Body)!;
        Assert.Equal("authentication.k8s.io/" + version, (string?)review["apiVersion"]);
        Assert.Equal("their-token", (string?)review["spec"]!["token"]);
        Assert.Equal(AuthenticatedServer.Issuer, (string?)review["spec"]!["audiences"]![0]);
    }

    [Theory]
    [InlineData("""{"authenticated":false,"error":"no such session"}""", "[invalid bearer token, no such session]")]
    [InlineData("""{"authenticated":false}""", "invalid bearer token")]
    [InlineData("""{"authenticated":true,"user":{"username":"jane"},"audiences":["other"]}""", "invalid bearer token")]
    [InlineData("""{}""", "invalid bearer token")]
    public async Task What_the_webhook_refuses_is_refused(string status, string error)
    {
        await using var webhook = await TestWebhook.StartAsync(review => Answer(review, status));
        await using var server = await StartAsync(webhook);

        Assert.Equal(401, (await server.WhoAmIAsync("their-token")).Code);
        Assert.Equal(error, (string?)(await server.ReviewAsync("their-token"))["error"]);
    }

    [Fact]
    public async Task A_webhook_that_fails_refuses_and_its_failure_is_not_kept()
    {
        var fails = true;
        await using var webhook = await TestWebhook.StartAsync(async (call, http) =>
        {
            if (fails)
                http.Response.StatusCode = 400;
            else
                await http.Response.WriteAsync(Answer(JsonNode.Parse(call.Body)!, """{"authenticated":true,"user":{"username":"jane"}}""").ToJsonString());
        });
        await using var server = await StartAsync(webhook);

        Assert.Equal(401, (await server.WhoAmIAsync("their-token")).Code);
        Assert.Equal(
            "[invalid bearer token, the server rejected our request for an unknown reason]", (string?)(await server.ReviewAsync("their-token"))["error"]);
        fails = false;

        Assert.Equal(201, (await server.WhoAmIAsync("their-token")).Code);
    }

    [Fact]
    public async Task A_slow_webhook_does_not_hold_those_whose_tokens_are_ours()
    {
        var asked = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        await using var webhook = await TestWebhook.StartAsync(async (call, http) =>
        {
            asked.SetResult();
            await answer.Task;
            await http.Response.WriteAsync(Answer(JsonNode.Parse(call.Body)!, """{"authenticated":true,"user":{"username":"jane"}}""").ToJsonString());
        });
        await using var server = await StartAsync(webhook);
        await server.AccountAsync("bot");
        var token = await server.TokenAsync("bot");

        var slow = server.WhoAmIAsync("their-token");
        await asked.Task;
        Assert.Equal(201, (await server.WhoAmIAsync(token)).Code);
        Assert.Equal(201, (await server.WhoAmIAsync("alice-token")).Code);
        Assert.False(slow.IsCompleted);
        answer.SetResult();

        Assert.Equal("jane", (string?)(await slow).User!["username"]);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("nonsense")]
    [InlineData("{\"kind\":\"Pod\",\"apiVersion\":\"v1\"}")]
    [InlineData("{\"status\":{\"authenticated\":\"yes\",\"user\":[],\"audiences\":{}}}")]
    [InlineData("{\"status\":{\"authenticated\":true,\"user\":{\"username\":\"\\ud800\"}}}")]
    public async Task Whatever_the_webhook_answers_is_no_fault_of_the_server(string answer)
    {
        await using var webhook = await TestWebhook.StartAsync((_, http) => http.Response.WriteAsync(answer));
        await using var server = await StartAsync(webhook);

        Assert.Equal(401, (await server.WhoAmIAsync("their-token")).Code);
        server.Server.AssertNoFaults();
    }

    private static async Task<AuthenticatedServer> StartAsync(TestWebhook webhook, string version = "v1")
    {
        var target = Kubeconfig.Parse(Encoding.UTF8.GetBytes(webhook.Kubeconfig("/authenticate")), "/", TimeProvider.System).Value.CurrentTarget().Value;
        return await AuthenticatedServer.StartAsync((_, time) =>
        [
            new TokenCache(
                new WebhookTokenAuthenticator(
                    new WebhookClient(target, new(), TimeProvider.System), version, [AuthenticatedServer.Issuer], NullLogger<WebhookTokenAuthenticator>.Instance),
                s_life, s_life, keepsErrors: false, time),
        ]);
    }

    private static JsonNode Answer(JsonNode review, string status)
    {
        var answer = review.DeepClone();
        answer["status"] = JsonNode.Parse(status);
        return answer;
    }
}

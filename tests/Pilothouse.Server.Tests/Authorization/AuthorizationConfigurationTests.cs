using System.Text;
using CsCheck;
using Pilothouse.Server.Authorization.Configuration;

namespace Pilothouse.Server.Tests.Authorization;

public sealed class AuthorizationConfigurationTests
{
    private const string Head = "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\n";

    private static string Webhook(string file, string extra = "") => $$"""
        {{Head}}authorizers:
        - type: Webhook
          name: first
          webhook:
            timeout: 3s
            subjectAccessReviewVersion: v1
            failurePolicy: Deny
            unauthorizedTTL: 10s
            cacheAuthorizedRequests: false
            connectionInfo:
              type: KubeConfigFile
              kubeConfigFile: {{file}}
        {{extra}}
        - type: Node
          name: node
        - type: RBAC
          name: rbac
        """;

    [Fact]
    public void Authorizers_are_read_in_order()
    {
        var file = Path.GetTempFileName();
        try
        {
            var (authorizers, faults) = AuthorizationConfigurationFile.Parse(Encoding.UTF8.GetBytes(Webhook(file)));
            Assert.Empty(faults);
            Assert.Equal(["Webhook", "Node", "RBAC"], authorizers.Select(a => a.Type));
            var webhook = authorizers[0].Webhook!;
            Assert.Equal((true, TimeSpan.Zero, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(3)),
                (webhook.DeniesOnError, webhook.AuthorizedTimeToLive, webhook.UnauthorizedTimeToLive, webhook.Timeout));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("kind: What\n", "it is no AuthorizationConfiguration of apiserver.config.k8s.io/v1")]
    [InlineData(Head, "authorizers: Required value: at least one authorization mode must be defined")]
    [InlineData(Head + "authorizers:\n- name: a\n", "authorizers[0].type: Required value")]
    [InlineData(Head + "authorizers:\n- {type: What, name: a}\n", "authorizers[0].type: Unsupported value: \"What\": supported values: \"ABAC\", \"AlwaysAllow\", \"AlwaysDeny\", \"Node\", \"RBAC\", \"Webhook\"")]
    [InlineData(Head + "authorizers:\n- {type: RBAC, name: a}\n- {type: RBAC, name: b}\n", "authorizers[1].type: Duplicate value: \"RBAC\"")]
    [InlineData(Head + "authorizers:\n- {type: RBAC, name: a}\n- {type: Node, name: a}\n", "authorizers[1].name: Duplicate value: \"a\"")]
    [InlineData(Head + "authorizers:\n- {type: Webhook, name: a}\n", "authorizers[0].webhook: Required value: required when type=Webhook")]
    [InlineData(Head + "authorizers:\n- {type: RBAC, name: a, webhook: {}}\n", "authorizers[0].webhook: Invalid value: \"non-null\": may only be specified when type=Webhook")]
    [InlineData(Head + "authorizers:\n- {type: RBAC, name: a}\nmore: 1\n", "unknown field \"more\"")]
    public void What_is_wrong_is_named(string text, string fault) =>
        Assert.Equal(fault, Assert.Single(AuthorizationConfigurationFile.Parse(Encoding.UTF8.GetBytes(text)).Faults));

    [Fact]
    public void A_webhook_has_to_be_complete()
    {
        var (_, faults) = AuthorizationConfigurationFile.Parse(Encoding.UTF8.GetBytes($$"""
            {{Head}}authorizers:
            - type: Webhook
              name: a
              webhook: {timeout: 1m, failurePolicy: Maybe, connectionInfo: {type: KubeConfigFile, kubeConfigFile: here}, matchConditions: [{expression: ""}]}
            """));
        Assert.Equal(
            [
                "authorizers[0].timeout: Invalid value: \"1m\": must be > 0s and <= 30s",
                "authorizers[0].matchConditions[0].expression: Required value",
                "authorizers[0].matchConditionSubjectAccessReviewVersion: Required value: required if match conditions are specified",
                "authorizers[0].subjectAccessReviewVersion: Required value",
                "authorizers[0].failurePolicy: Unsupported value: \"Maybe\": supported values: \"NoOpinion\", \"Deny\"",
                "authorizers[0].connectionInfo.kubeConfigFile: Invalid value: \"here\": must be an absolute path",
            ],
            faults);
    }

    [Fact]
    public void No_text_breaks_the_reader() => Gen.String.Sample(text =>
    {
        var (_, faults) = AuthorizationConfigurationFile.Parse(Encoding.UTF8.GetBytes(Head + text));
        Assert.NotEmpty(faults);
    }, iter: 300);
}

namespace Pilothouse.EndToEnd.Tests.Kubectl;

/// <summary>Service accounts as people use them from the command line.</summary>
public sealed class KubectlTokenTests(KubectlServer server) : IClassFixture<KubectlServer>
{
    [Fact]
    public async Task A_service_account_acts_by_its_token_as_far_as_its_role_goes()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.RunAsync("create", "serviceaccount", "bot");
        await kubectl.RunAsync("create", "role", "reader", "--verb=get,list", "--resource=configmaps");
        await kubectl.RunAsync("create", "rolebinding", "bot", "--role=reader", $"--serviceaccount={kubectl.Namespace}:bot");

        var token = (await kubectl.RunAsync("create", "token", "bot", "--duration=20m")).Trim();
        string[] asBot = ["--kubeconfig=/dev/null", $"--server={server.Process.Address}", "--insecure-skip-tls-verify", $"--token={token}"];
        var who = await kubectl.RunAsync([.. asBot, "auth", "whoami"]);
        var denied = await kubectl.TryAsync([.. asBot, "get", "secrets"]);

        Assert.Contains($"system:serviceaccount:{kubectl.Namespace}:bot", who);
        Assert.Contains($"[system:serviceaccounts system:serviceaccounts:{kubectl.Namespace} system:authenticated]", who);
        Assert.Contains("authentication.kubernetes.io/credential-id", who);
        await kubectl.RunAsync([.. asBot, "get", "configmaps"]);
        Assert.Equal(1, denied.ExitCode);
        Assert.Contains($"User \"system:serviceaccount:{kubectl.Namespace}:bot\" cannot list resource \"secrets\"", denied.Errors);
    }

    [Fact]
    public async Task A_token_bound_to_a_secret_ends_with_it()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.RunAsync("create", "secret", "generic", "lease");
        var token = (await kubectl.RunAsync("create", "token", "default", "--bound-object-kind=Secret", "--bound-object-name=lease")).Trim();
        string[] whoAmI =
            ["--kubeconfig=/dev/null", $"--server={server.Process.Address}", "--insecure-skip-tls-verify", $"--token={token}", "auth", "whoami"];
        await kubectl.RunAsync(whoAmI);

        await kubectl.RunAsync("delete", "secret", "lease");
        await kubectl.RunAsync("get", "secrets"); // a consistent read: the caches have caught up

        var refused = await kubectl.TryAsync(whoAmI);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("You must be logged in to the server (Unauthorized)", refused.Errors);
    }
}

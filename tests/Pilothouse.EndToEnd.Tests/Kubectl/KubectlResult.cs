namespace Pilothouse.EndToEnd.Tests.Kubectl;

/// <summary>How a kubectl command ended, and what it printed.</summary>
internal sealed record KubectlResult(int ExitCode, string Output, string Errors);

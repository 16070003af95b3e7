namespace Pilothouse.Catalog;

/// <summary>Jobs on a schedule.</summary>
internal sealed class CronJobRules : WorkloadRules;

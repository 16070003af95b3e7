using System.Globalization;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>One item of a LimitRange, and what it has against amounts.</summary>
/// <param name="Type"><c>Container</c>, <c>Pod</c> or <c>PersistentVolumeClaim</c>.</param>
/// <param name="Min">At least so much must be asked for.</param>
/// <param name="Max">At most so much may be used.</param>
/// <param name="MaxRatio">How many times the request the limit may be.</param>
internal sealed record LimitRangeItem(string Type, ResourceAmounts Min, ResourceAmounts Max, ResourceAmounts MaxRatio)
{
    /// <summary>Checks what containers or pods ask for and are limited to.</summary>
    public void Check(ResourceAmounts requests, ResourceAmounts limits, List<string> faults)
    {
        CheckMin(requests, limits, faults);
        foreach (var (resource, max) in Max)
        {
            var usage = $"maximum {resource} usage per {Type} is {max}";
            if (!limits.TryGetValue(resource, out var limit))
                faults.Add($"{usage}.  No limit is specified");
            else if (limit > max)
                faults.Add($"{usage}, but limit is {limit}");
            else if (requests.TryGetValue(resource, out var request) && request > max)
                faults.Add($"{usage}, but request is {request}");
        }
        foreach (var (resource, max) in MaxRatio)
            CheckRatio(resource, max, requests, limits, faults);
    }

    /// <summary>Checks what claims ask for; their limits mean nothing.</summary>
    public void CheckRequests(ResourceAmounts requests, List<string> faults)
    {
        CheckMin(requests, [], faults);
        foreach (var (resource, max) in Max)
        {
            if (!requests.TryGetValue(resource, out var request))
                faults.Add($"maximum {resource} usage per {Type} is {max}.  No request is specified");
            else if (request > max)
                faults.Add($"maximum {resource} usage per {Type} is {max}, but request is {request}");
        }
    }

    private void CheckMin(ResourceAmounts requests, ResourceAmounts limits, List<string> faults)
    {
        foreach (var (resource, min) in Min)
        {
            var usage = $"minimum {resource} usage per {Type} is {min}";
            if (!requests.TryGetValue(resource, out var request))
                faults.Add($"{usage}.  No request is specified");
            else if (request < min)
                faults.Add($"{usage}, but request is {request}");
            else if (limits.TryGetValue(resource, out var limit) && limit < min)
                faults.Add($"{usage}, but limit is {limit}");
        }
    }

    private void CheckRatio(string resource, Quantity max, ResourceAmounts requests, ResourceAmounts limits, List<string> faults)
    {
        var ratio = $"{resource} max limit to request ratio per {Type} is {max}";
        if (!requests.TryGetValue(resource, out var request) || request.Sign == 0)
        {
            faults.Add($"{ratio}, but no request is specified or request is 0");
            return;
        }
        if (!limits.TryGetValue(resource, out var limit) || limit.Sign == 0)
        {
            faults.Add($"{ratio}, but no limit is specified or limit is 0");
            return;
        }
        var provided = (double)limit.MilliValue / request.MilliValue;
        if (provided * 1000 > max.MilliValue)
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{ratio}, but provided ratio is {provided:F6}"));
    }
}

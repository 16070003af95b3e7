using System.Globalization;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Dynamic resource allocation, in all its versions.</summary>
internal static class ResourceDefaults
{
    public static Dictionary<string, DefaultRule> Rules { get; } = Build();

    private static Dictionary<string, DefaultRule> Build()
    {
        var rules = new Dictionary<string, DefaultRule>();
        foreach (var version in (string[])["v1", "v1beta2", "v1beta1", "v1alpha3"])
            rules[$"io.k8s.api.resource.{version}.DeviceTaint"] = FillTaint;
        foreach (var version in (string[])["v1", "v1beta2", "v1beta1"])
        {
            rules[$"io.k8s.api.resource.{version}.DeviceSubRequest"] = FillRequest;
            rules[$"io.k8s.api.resource.{version}.{(version == "v1beta1" ? "BasicDevice" : "Device")}"] = FillDevice;
        }
        rules["io.k8s.api.resource.v1.ExactDeviceRequest"] = FillRequest;
        rules["io.k8s.api.resource.v1beta2.ExactDeviceRequest"] = FillRequest;
        rules["io.k8s.api.resource.v1beta1.DeviceRequest"] = (request, now) =>
        {
            if (request.ContainsKey("deviceClassName"))
                FillRequest(request, now);
        };
        rules["io.k8s.api.resource.v1alpha3.ResourcePoolStatusRequestSpec"] = DefaultRules.Values(("limit", 100));
        return rules;
    }

    private static void FillRequest(JsonObject request, DateTimeOffset now)
    {
        request.Default("allocationMode", "ExactCount");
        if (request.Text("allocationMode") == "ExactCount")
            request.Default("count", 1);
    }

    private static void FillTaint(JsonObject taint, DateTimeOffset now)
    {
        if (!taint.ContainsKey("timeAdded"))
            taint["timeAdded"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }

    private static void FillDevice(JsonObject device, DateTimeOffset now)
    {
        foreach (var (_, mapping) in device.Object("nodeAllocatableResourceMappings") ?? [])
            (mapping as JsonObject)?.Default("allocationMultiplier", "1");
    }
}

using System.Text.Json.Nodes;

namespace Pilothouse.Server.Admission;

/// <summary>What expressions see as <c>request</c>: the request of an AdmissionReview without its objects.</summary>
internal static class RequestValue
{
    public static JsonObject Of(AdmissionRequest request, MatchedResource matched)
    {
        var review = JsonNode.Parse(AdmissionReview.Write("", "v1", request, matched, default, default).Span)!;
        var value = review["request"]!.AsObject();
        value.Remove("uid");
        value.Remove("object");
        value.Remove("oldObject");
        return value;
    }
}

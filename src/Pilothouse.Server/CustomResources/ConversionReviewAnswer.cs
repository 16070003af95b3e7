using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.CustomResources;

/// <summary>Reads what a conversion webhook answers.</summary>
internal static class ConversionReviewAnswer
{
    /// <summary>The converted objects; a failure's message says why there are none.</summary>
    /// <param name="body">The answer.</param>
    /// <param name="version">The version of the review that was sent.</param>
    /// <param name="uid">Its uid.</param>
    public static Outcome<IReadOnlyList<JsonObject>> Read(ReadOnlySpan<byte> body, string version, string uid)
    {
        if (GoJson.Check(body) is { } broken)
            return Status.BadRequest(broken);
        if (JsonNodes.Parse(body) is not JsonObject review)
            return Status.BadRequest("no response provided");
        var given = $"{review.Text("apiVersion")}, Kind={review.Text("kind")}";
        var wanted = $"apiextensions.k8s.io/{version}, Kind=ConversionReview";
        // The old version was never held to its word.
        if (version == "v1" && given != wanted)
            return Status.BadRequest($"expected webhook response of {wanted}, got {given}");
        if (review.Object("response") is not { } response)
            return Status.BadRequest("no response provided");
        if (version == "v1" && response.Text("uid") != uid)
            return Status.BadRequest($"expected response.uid={GoText.Quote(uid)}, got {GoText.Quote(response.Text("uid") ?? "")}");
        var result = response.Object("result");
        if (result?.Text("status") != "Success")
        {
            return Status.BadRequest(result?.Text("message") is { Length: > 0 } message
                ? message
                : $"response.result.status was '{result?.Text("status")}', not 'Success'");
        }
        var objects = new List<JsonObject>();
        foreach (var item in response.List("convertedObjects") ?? [])
        {
            if (item is not JsonObject obj)
                return Status.BadRequest($"invalid converted object at index {objects.Count}");
            objects.Add((JsonObject)obj.DeepClone());
        }
        return objects;
    }
}

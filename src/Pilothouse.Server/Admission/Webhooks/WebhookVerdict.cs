using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>What came of a call: an answer, or a failure.</summary>
internal sealed record WebhookVerdict(AdmissionReviewAnswer? Answer, Status? Failure)
{
    public WebhookVerdict(AdmissionReviewAnswer answer)
        : this(answer, null)
    {
    }

    public WebhookVerdict(Status failure)
        : this(null, failure)
    {
    }

    /// <summary>The webhook itself failed: its failurePolicy decides. Otherwise the failure stands.</summary>
    public bool CouldNotBeAsked { get; init; }
}

namespace Pilothouse.Objects;

/// <content>The failures that clients know, with upstream's reasons, codes and texts.</content>
public sealed partial record Status
{
    public static Status BadRequest(string message) => new() { Code = 400, Reason = "BadRequest", Message = message };

    public static Status Unauthorized(string message = "Unauthorized") =>
        new() { Code = 401, Reason = "Unauthorized", Message = message };

    /// <summary>A refusal by authorization or admission; <paramref name="reason"/> is put behind upstream's fixed text.</summary>
    public static Status Forbidden(GroupResource resource, string name, string reason) => new()
    {
        Code = 403,
        Reason = "Forbidden",
        Message = resource.Resource.Length == 0 ? $"forbidden: {reason}"
            : name.Length == 0 ? $"{resource} is forbidden: {reason}"
            : $"{resource} \"{name}\" is forbidden: {reason}",
        Details = new() { Name = name, Group = resource.Group, Kind = resource.Resource },
    };

    public static Status NotFound(GroupResource resource, string name) => new()
    {
        Code = 404,
        Reason = "NotFound",
        Message = $"{resource} \"{name}\" not found",
        Details = new() { Name = name, Group = resource.Group, Kind = resource.Resource },
    };

    /// <summary>Nothing is served under this path.</summary>
    public static Status PathNotFound() => new()
    {
        Code = 404,
        Reason = "NotFound",
        Message = "the server could not find the requested resource",
        Details = new(),
    };

    public static Status MethodNotAllowed() => new()
    {
        Code = 405,
        Reason = "MethodNotAllowed",
        Message = "the server does not allow this method on the requested resource",
        Details = new(),
    };

    public static Status AlreadyExists(GroupResource resource, string name) => new()
    {
        Code = 409,
        Reason = "AlreadyExists",
        Message = $"{resource} \"{name}\" already exists",
        Details = new() { Name = name, Group = resource.Group, Kind = resource.Resource },
    };

    public static Status Conflict(GroupResource resource, string name, string why) => new()
    {
        Code = 409,
        Reason = "Conflict",
        Message = $"Operation cannot be fulfilled on {resource} \"{name}\": {why}",
        Details = new() { Name = name, Group = resource.Group, Kind = resource.Resource },
    };

    /// <summary>The history that was asked for is gone: list again.</summary>
    public static Status Gone(string message) => new() { Code = 410, Reason = "Expired", Message = message };

    public static Status Invalid(GroupKind kind, string name, IReadOnlyList<FieldError> errors)
    {
        var texts = errors.Select(e => e.ToString()).Distinct().ToList();
        return new()
        {
            Code = 422,
            Reason = "Invalid",
            Message = errors.Count == 0 ? $"{kind} \"{name}\" is invalid"
                : $"{kind} \"{name}\" is invalid: {(texts.Count == 1 ? texts[0] : $"[{string.Join(", ", texts)}]")}",
            Details = new()
            {
                Name = name,
                Group = kind.Group,
                Kind = kind.Kind,
                Causes = [.. errors.Select(e => new StatusCause(e.Reason, e.Body, e.Field))],
            },
        };
    }

    public static Status InternalError(string message) => new()
    {
        Code = 500,
        Reason = "InternalError",
        Message = $"Internal error occurred: {message}",
        Details = new() { Causes = [new("", message)] },
    };

    /// <summary>There is too much to do: try again.</summary>
    public static Status TooManyRequests(string message, int retryAfterSeconds) => new()
    {
        Code = 429,
        Reason = "TooManyRequests",
        Message = message,
        Details = new() { RetryAfterSeconds = retryAfterSeconds },
    };

    public static Status ServiceUnavailable(string message) =>
        new() { Code = 503, Reason = "ServiceUnavailable", Message = message };

    public static Status Timeout(string message, int retryAfterSeconds = 0) => new()
    {
        Code = 504,
        Reason = "Timeout",
        Message = $"Timeout: {message}",
        Details = new() { RetryAfterSeconds = retryAfterSeconds },
    };
}

using Pilothouse.Catalog;

namespace Pilothouse.Server.Discovery.OpenApi;

/// <summary>The query and path parameters of each sort of operation.</summary>
internal sealed class OperationParameters(ApiDescriptions descriptions)
{
    private const string List = "ListNamespacedPod";
    private const string Create = "CreateNamespacedPod";
    private const string Replace = "ReplaceNamespacedPod";
    private const string Patch = "PatchNamespacedPod";
    private const string Delete = "DeleteNamespacedPod";
    private const string Log = "ReadNamespacedPodLog";

    public ApiParameter Pretty => Query(List, "pretty", "string");

    public ApiParameter Namespace => Path("namespace", descriptions.OfParameter(List, "namespace"));

    public static ApiParameter Name(string kind) => Path("name", $"name of the {kind}");

    public static ApiParameter Rest => Path("path", "path to the resource");

    /// <summary>Of lists, and of the deprecated watch paths.</summary>
    public IEnumerable<ApiParameter> ForList =>
    [
        .. ForSelection, Query(List, "allowWatchBookmarks", "boolean"),
        new("watch", "query", "boolean", "Answer with a stream of changes from resourceVersion on, instead of a list."),
    ];

    public IEnumerable<ApiParameter> ForCreate => [DryRun(Create), Query(Create, "fieldManager", "string"), FieldValidation(Create)];

    public IEnumerable<ApiParameter> ForReplace => [DryRun(Replace), Query(Replace, "fieldManager", "string"), FieldValidation(Replace)];

    public IEnumerable<ApiParameter> ForPatch =>
        [DryRun(Patch), Query(Patch, "fieldManager", "string"), FieldValidation(Patch), Query(Patch, "force", "boolean")];

    public IEnumerable<ApiParameter> ForDelete =>
    [
        DryRun(Delete), Query(Delete, "gracePeriodSeconds", "integer"),
        Query(Delete, "ignoreStoreReadErrorWithClusterBreakingPotential", "boolean"),
        Query(Delete, "orphanDependents", "boolean"), Query(Delete, "propagationPolicy", "string"),
    ];

    public IEnumerable<ApiParameter> ForDeleteCollection => [.. ForSelection, .. ForDelete];

    public IEnumerable<ApiParameter> ForLog =>
    [
        Query(Log, "container", "string"), Query(Log, "follow", "boolean"), Query(Log, "insecureSkipTLSVerifyBackend", "boolean"),
        Query(Log, "limitBytes", "integer"), Query(Log, "previous", "boolean"), Query(Log, "sinceSeconds", "integer"),
        Query(Log, "stream", "string"), Query(Log, "tailLines", "integer"), Query(Log, "timestamps", "boolean"),
    ];

    /// <summary>Of a subresource that is opened rather than read or written.</summary>
    public IEnumerable<ApiParameter> ForConnect(string resource, string subresource) => (resource, subresource) switch
    {
        (_, "attach") => Streams("ConnectGetNamespacedPodAttach"),
        (_, "exec") => [.. Streams("ConnectGetNamespacedPodExec"), Query("ConnectGetNamespacedPodExec", "command", "string")],
        (_, "portforward") => [Query("ConnectGetNamespacedPodPortforward", "ports", "integer")],
        ("nodes", _) => [Query("ConnectGetNodeProxy", "path", "string")],
        ("services", _) => [Query("ConnectGetNamespacedServiceProxy", "path", "string")],
        _ => [Query("ConnectGetNamespacedPodProxy", "path", "string")],
    };

    private IEnumerable<ApiParameter> ForSelection =>
    [
        Query(List, "continue", "string"), Query(List, "fieldSelector", "string"), Query(List, "labelSelector", "string"),
        Query(List, "limit", "integer"), Query(List, "resourceVersion", "string"), Query(List, "resourceVersionMatch", "string"),
        Query(List, "sendInitialEvents", "boolean"), Query(List, "shardSelector", "string"), Query(List, "timeoutSeconds", "integer"),
    ];

    private IEnumerable<ApiParameter> Streams(string operation) =>
    [
        Query(operation, "container", "string"), Query(operation, "stderr", "boolean"), Query(operation, "stdin", "boolean"),
        Query(operation, "stdout", "boolean"), Query(operation, "tty", "boolean"),
    ];

    private ApiParameter DryRun(string operation) => Query(operation, "dryRun", "string");

    private ApiParameter FieldValidation(string operation) => Query(operation, "fieldValidation", "string");

    private ApiParameter Query(string operation, string name, string type) =>
        new(name, "query", type, descriptions.OfParameter(operation, name));

    private static ApiParameter Path(string name, string? description) => new(name, "path", "string", description);
}

using Pilothouse.Cel;

namespace Pilothouse.Catalog;

/// <summary>
/// What expressions of webhooks and policies see of a request: <c>object</c>, <c>oldObject</c>, <c>request</c>,
/// <c>namespaceObject</c>, and where they may, <c>params</c>, <c>authorizer</c> and the types of patches
/// (k8s.io/apiserver/pkg/admission/plugin/cel).
/// </summary>
public static class AdmissionEnvironment
{
    public const string Object = "object";
    public const string OldObject = "oldObject";
    public const string Request = "request";
    public const string Namespace = "namespaceObject";
    public const string Params = "params";
    public const string Variables = "variables";
    public const string Authorizer = "authorizer";
    public const string RequestResource = "authorizer.requestResource";

    /// <summary>The type of <c>request</c>: the parts of an AdmissionReview that make sense within the process.</summary>
    public static CelStructType RequestType { get; } = MakeRequestType();

    /// <summary>The type of <c>namespaceObject</c>.</summary>
    public static CelStructType NamespaceType { get; } = MakeNamespaceType();

    // After the types, which it needs.
    private static readonly CelEnvironment[] Environments =
        [.. Enumerable.Range(0, 8).Select(i => Make((i & 1) != 0, (i & 2) != 0, (i & 4) != 0))];

    /// <summary>The environment with what an expression may use.</summary>
    public static CelEnvironment With(bool parameters, bool authorizer, bool patches = false) =>
        Environments[(parameters ? 1 : 0) | (authorizer ? 2 : 0) | (patches ? 4 : 0)];

    private static CelEnvironment Make(bool parameters, bool authorizer, bool patches)
    {
        var environment = CelEnvironment.Kubernetes
            .WithVariable(Object, CelType.Dyn)
            .WithVariable(OldObject, CelType.Dyn)
            .WithVariable(Namespace, NamespaceType)
            .WithVariable(Request, RequestType);
        if (parameters)
            environment = environment.WithVariable(Params, CelType.Dyn);
        if (authorizer)
        {
            environment = environment
                .WithVariable(Authorizer, CelTypes.Authorizer)
                .WithVariable(RequestResource, CelTypes.ResourceCheck);
        }
        return patches ? environment.WithTypeSource(PatchTypes.Find).WithJsonPatch() : environment;
    }

    private static CelStructType MakeRequestType()
    {
        var kind = Struct("kubernetes.GroupVersionKind", CelType.String, "group", "version", "kind");
        var resource = Struct("kubernetes.GroupVersionResource", CelType.String, "group", "version", "resource");
        var texts = CelType.List(CelType.String);
        var user = CelStructType.Of("kubernetes.UserInfo", new Dictionary<string, CelType>
        {
            ["username"] = CelType.String,
            ["uid"] = CelType.String,
            ["groups"] = texts,
            ["extra"] = CelType.Map(CelType.String, texts),
        });
        return CelStructType.Of("kubernetes.AdmissionRequest", new Dictionary<string, CelType>
        {
            ["kind"] = kind,
            ["resource"] = resource,
            ["subResource"] = CelType.String,
            ["requestKind"] = kind,
            ["requestResource"] = resource,
            ["requestSubResource"] = CelType.String,
            ["name"] = CelType.String,
            ["namespace"] = CelType.String,
            ["operation"] = CelType.String,
            ["userInfo"] = user,
            ["dryRun"] = CelType.Bool,
            ["options"] = CelType.Dyn,
        });
    }

    private static CelStructType MakeNamespaceType()
    {
        var texts = CelType.List(CelType.String);
        var labels = CelType.Map(CelType.String, CelType.String);
        var condition = CelStructType.Of("kubernetes.NamespaceCondition", new Dictionary<string, CelType>
        {
            ["status"] = CelType.String,
            ["type"] = CelType.String,
            ["lastTransitionTime"] = CelType.Timestamp,
            ["message"] = CelType.String,
            ["reason"] = CelType.String,
        });
        var metadata = CelStructType.Of("kubernetes.NamespaceMetadata", new Dictionary<string, CelType>
        {
            ["name"] = CelType.String,
            ["generateName"] = CelType.String,
            ["namespace"] = CelType.String,
            ["labels"] = labels,
            ["annotations"] = labels,
            ["UID"] = CelType.String,
            ["creationTimestamp"] = CelType.Timestamp,
            ["deletionGracePeriodSeconds"] = CelType.Int,
            ["deletionTimestamp"] = CelType.Timestamp,
            ["generation"] = CelType.Int,
            ["resourceVersion"] = CelType.String,
            ["finalizers"] = texts,
        });
        return CelStructType.Of("kubernetes.Namespace", new Dictionary<string, CelType>
        {
            ["metadata"] = metadata,
            ["spec"] = CelStructType.Of("kubernetes.NamespaceSpec", new Dictionary<string, CelType> { ["finalizers"] = texts }),
            ["status"] = CelStructType.Of("kubernetes.NamespaceStatus", new Dictionary<string, CelType>
            {
                ["conditions"] = CelType.List(condition),
                ["phase"] = CelType.String,
            }),
        });
    }

    private static CelStructType Struct(string name, CelType type, params string[] fields) =>
        CelStructType.Of(name, fields.ToDictionary(f => f, _ => type));
}

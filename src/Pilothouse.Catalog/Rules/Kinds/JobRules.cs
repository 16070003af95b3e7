using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Jobs: unless they bring their own selector, the server makes one that no other job can have.</summary>
internal sealed class JobRules : WorkloadRules
{
    private const string Uid = "batch.kubernetes.io/controller-uid";
    private const string Name = "batch.kubernetes.io/job-name";
    private const string OldUid = "controller-uid";
    private const string OldName = "job-name";

    public override bool OrphansDependentsByDefault => true;

    public override string UndecidedDeletionWarning =>
        "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set "
        + "propagationPolicy=Orphan to suppress this warning";

    public override void PrepareForCreate(WriteContext context, JsonObject obj)
    {
        GenerateSelector(obj);
        base.PrepareForCreate(context, obj);
    }

    private static void GenerateSelector(JsonObject job)
    {
        var metadata = ObjectMetadata.Of(job);
        var spec = job.ObjectOrNew("spec");
        var labels = spec.Object("template").Object("metadata").Object("labels");
        if (spec.Flag("manualSelector") == true)
            return;
        labels ??= spec.ObjectOrNew("template").ObjectOrNew("metadata").ObjectOrNew("labels");
        // What the client put there itself is left to validation.
        foreach (var (label, value) in ((string, string)[])[(OldName, metadata.Name), (Name, metadata.Name), (OldUid, metadata.Uid), (Uid, metadata.Uid)])
        {
            if (!labels.ContainsKey(label))
                labels[label] = value;
        }
        var matching = spec.ObjectOrNew("selector").ObjectOrNew("matchLabels");
        if (!matching.ContainsKey(Uid))
            matching[Uid] = metadata.Uid;
        // A job without labels has those of its template; they are defaulted again whenever it is read.
        if (metadata.Labels is not { Count: > 0 })
            metadata.Json["labels"] = labels.DeepClone();
    }
}

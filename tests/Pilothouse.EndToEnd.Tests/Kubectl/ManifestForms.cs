namespace Pilothouse.EndToEnd.Tests.Kubectl;

/// <summary>Objects in forms that people write and the server stores otherwise: quantities as numbers, explicit zero values, lists without their defaults.</summary>
internal static class ManifestForms
{
    public const string All = """
        apiVersion: v1
        kind: Pod
        metadata:
          name: forms
        spec:
          containers:
            - name: main
              image: registry.example/main:2
              resources:
                requests: {cpu: 0.15, memory: 1024}
                limits: {cpu: 2, memory: 0.5Gi}
              volumeMounts:
                - {name: scratch, mountPath: /scratch, readOnly: false}
          volumes:
            - name: scratch
              emptyDir: {}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: forms
        spec:
          ports:
            - {port: 80, nodePort: 0}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: forms
          creationTimestamp: null
        spec:
          selector:
            matchLabels: {app: forms}
          template:
            metadata:
              labels: {app: forms}
            spec:
              serviceAccount: ""
              containers:
                - name: main
                  image: registry.example/main:2
                  resources:
                    limits: {cpu: ".5"}
              volumes:
                - name: old
                  glusterfs: {endpoints: a, path: b, readOnly: false}
        status: {}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: forms
        data: null
        """;
}

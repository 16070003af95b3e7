namespace Pilothouse.EndToEnd.Tests.Kubectl;

/// <summary>What the kubectl tests apply.</summary>
internal static class Manifests
{
    public static string ConfigMap(string name, string value) => $"""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {name}
        data:
          key: "{value}"
        """;

    public static string Deployment(string name, int replicas, string image = "registry.example/web:1") => $"""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {name}
        spec:
          replicas: {replicas}
          selector:
            matchLabels:
              app: {name}
          template:
            metadata:
              labels:
                app: {name}
            spec:
              containers:
                - name: web
                  image: {image}
                  ports:
                    - containerPort: 80
        """;

    /// <summary>One object of most kinds that people write, in one file.</summary>
    public const string Mixed = """
        apiVersion: v1
        kind: Service
        metadata:
          name: web
          labels: {app: web}
        spec:
          selector: {app: web}
          ports:
            - name: http
              port: 80
              targetPort: 8080
            - name: dns
              port: 53
              protocol: UDP
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: db
        spec:
          serviceName: db
          replicas: 2
          selector:
            matchLabels: {app: db}
          template:
            metadata:
              labels: {app: db}
            spec:
              containers:
                - name: db
                  image: registry.example/db
                  env:
                    - {name: MODE, value: "on"}
                  resources:
                    requests: {cpu: 0.5, memory: 1Gi}
                  volumeMounts:
                    - {name: data, mountPath: /data}
          volumeClaimTemplates:
            - metadata:
                name: data
              spec:
                accessModes: [ReadWriteOnce]
                resources:
                  requests: {storage: 1Gi}
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: nightly
        spec:
          schedule: "0 3 * * *"
          jobTemplate:
            spec:
              template:
                spec:
                  restartPolicy: OnFailure
                  containers:
                    - name: run
                      image: registry.example/run:1
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: web
        spec:
          rules:
            - host: web.example
              http:
                paths:
                  - path: /
                    pathType: Prefix
                    backend:
                      service:
                        name: web
                        port: {number: 80}
        ---
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata:
          name: web
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
          minReplicas: 1
          maxReplicas: 3
          metrics:
            - type: Resource
              resource:
                name: cpu
                target: {type: Utilization, averageUtilization: 80}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: quiet
        spec:
          podSelector: {}
          policyTypes: [Ingress]
        ---
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata:
          name: web
        spec:
          minAvailable: 50%
          selector:
            matchLabels: {app: web}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
          name: reader
        rules:
          - apiGroups: [""]
            resources: [pods]
            verbs: [get, list]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
          name: readers
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
        subjects:
          - {kind: ServiceAccount, name: default}
        ---
        apiVersion: v1
        kind: Secret
        metadata:
          name: login
        stringData:
          password: hunter2
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata:
          name: data
        spec:
          accessModes: [ReadWriteOnce]
          resources:
            requests: {storage: 500Mi}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: one
          labels: {app: one}
        spec:
          containers:
            - name: main
              image: registry.example/main:2
              livenessProbe:
                httpGet: {path: /, port: 80}
              resources:
                limits: {memory: 64Mi}
        """;
}

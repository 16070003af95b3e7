namespace Pilothouse.Server.CertificateSigning;

/// <summary>The signers that Kubernetes itself knows.</summary>
internal static class SignerNames
{
    /// <summary>Certificates with which clients show the API server who they are.</summary>
    public const string ApiServerClient = "kubernetes.io/kube-apiserver-client";

    /// <summary>The same for kubelets.</summary>
    public const string ApiServerClientKubelet = "kubernetes.io/kube-apiserver-client-kubelet";

    /// <summary>Certificates that kubelets serve with.</summary>
    public const string KubeletServing = "kubernetes.io/kubelet-serving";
}

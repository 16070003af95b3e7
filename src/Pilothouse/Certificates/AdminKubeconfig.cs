using System.Text;

namespace Pilothouse.Certificates;

/// <summary>The kubeconfig with which whoever started the server administers it.</summary>
internal static class AdminKubeconfig
{
    public const string FileName = "admin.kubeconfig";

    /// <summary>Writes the file, readable by its owner only, unless it says the same already.</summary>
    public static void Write(string path, Uri server, OwnCertificates certificates)
    {
        var text = Text(server, certificates);
        try
        {
            if (File.Exists(path) && File.ReadAllText(path) == text)
                return;
            PrivateFile.MakeDirectory(Path.GetDirectoryName(path)!);
            PrivateFile.Write(path, text);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"cannot write {path}: {fault.Message}", fault);
        }
    }

    private static string Text(Uri server, OwnCertificates certificates) => $"""
        apiVersion: v1
        kind: Config
        clusters:
        - name: pilothouse
          cluster:
            certificate-authority-data: {Base64(certificates.Authority.CertificatePem)}
            server: {server.GetLeftPart(UriPartial.Authority)}
        contexts:
        - name: kubernetes-admin@pilothouse
          context:
            cluster: pilothouse
            user: kubernetes-admin
        current-context: kubernetes-admin@pilothouse
        preferences: {"{}"}
        users:
        - name: kubernetes-admin
          user:
            client-certificate-data: {Base64(certificates.Admin.CertificatePem)}
            client-key-data: {Base64(certificates.Admin.KeyPem)}

        """;

    private static string Base64(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
}

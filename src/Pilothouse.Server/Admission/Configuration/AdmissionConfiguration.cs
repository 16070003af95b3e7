using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>
/// What <c>--admission-control-config-file</c> says about single plugins (apiserver.config.k8s.io/v1 AdmissionConfiguration):
/// a configuration in place, or the path of one. Read once at start.
/// </summary>
public sealed class AdmissionConfiguration
{
    private const string Group = "apiserver.config.k8s.io/";

    // These two could be configured in files without kind and version before there was an AdmissionConfiguration.
    private static readonly string[] LegacyPlugins = ["ImagePolicyWebhook", "PodNodeSelector"];

    private readonly Dictionary<string, JsonObject> _plugins = [];

    private AdmissionConfiguration()
    {
    }

    /// <summary>Says nothing about any plugin.</summary>
    public static AdmissionConfiguration None { get; } = new();

    /// <summary>The plugin's configuration; false when there is none.</summary>
    public bool TryGet(string plugin, [MaybeNullWhen(false)] out JsonObject configuration) =>
        _plugins.TryGetValue(plugin, out configuration);

    /// <summary>Reads the file and the files that it names.</summary>
    /// <exception cref="AdmissionConfigurationException">It cannot be read, or is no AdmissionConfiguration.</exception>
    public static AdmissionConfiguration Read(string path)
    {
        var root = ReadFile(path);
        var configuration = new AdmissionConfiguration();
        if (root.Text("kind") is null && root.Text("apiVersion") is null && LegacyPlugins.Any(p => root.ContainsKey(Legacy(p))))
        {
            foreach (var plugin in LegacyPlugins)
                configuration._plugins[plugin] = root;
            return configuration;
        }
        if (root.Text("kind") != "AdmissionConfiguration" || root.Text("apiVersion")?.StartsWith(Group, StringComparison.Ordinal) != true)
        {
            throw new AdmissionConfigurationException(
                $"{path}: expected an AdmissionConfiguration of {Group}v1, got kind \"{root.Text("kind")}\" of \"{root.Text("apiVersion")}\"");
        }
        foreach (var plugin in root.Objects("plugins"))
        {
            var name = plugin.Text("name") ?? "";
            if (plugin.Object("configuration") is { } inline)
            {
                configuration._plugins.TryAdd(name, inline);
            }
            else if (plugin.Text("path") is { Length: > 0 } file)
            {
                // Relative to the file that names it.
                configuration._plugins.TryAdd(name, ReadFile(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, file)));
            }
        }
        return configuration;
    }

    /// <summary>Of one plugin, for hosts and tests.</summary>
    public static AdmissionConfiguration Of(string plugin, JsonObject configuration)
    {
        var made = new AdmissionConfiguration();
        made._plugins[plugin] = configuration;
        return made;
    }

    private static string Legacy(string plugin) => plugin == "PodNodeSelector" ? "podNodeSelectorPluginConfig" : "imagePolicy";

    private static JsonObject ReadFile(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AdmissionConfigurationException($"unable to read admission control configuration from \"{path}\" [{fault.Message}]", fault);
        }
        if (!Yaml.ToJson(bytes).TryGet(out var json, out var failure))
            throw new AdmissionConfigurationException($"{path}: {failure.Message}");
        try
        {
            return JsonNode.Parse(json) as JsonObject ?? throw new AdmissionConfigurationException($"{path}: not an object");
        }
        catch (JsonException fault)
        {
            throw new AdmissionConfigurationException($"{path}: {fault.Message}", fault);
        }
    }
}

using Pilothouse.Server.Admission;
using Pilothouse.Settings;

namespace Pilothouse.Hosting;

/// <summary>Which admission plugins run, by the settings.</summary>
internal static class AdmissionComposition
{
    /// <summary>The plugins that are on, configured.</summary>
    /// <param name="settings">Says which, and where their configuration is.</param>
    /// <param name="parts">What they are made with; the configuration is filled in here.</param>
    public static (IReadOnlyList<IMutatingAdmission> Mutating, IReadOnlyList<IValidatingAdmission> Validating) Compose(
        ServerSettings settings, AdmissionParts parts)
    {
        var enabled = AdmissionPlugins.Enabled(settings.EnabledAdmissionPlugins, settings.DisabledAdmissionPlugins);
        try
        {
            var configuration = settings.AdmissionConfigurationFile.Length == 0
                ? AdmissionConfiguration.None
                : AdmissionConfiguration.Read(settings.AdmissionConfigurationFile);
            return AdmissionPlugins.Make(enabled, parts with { Configuration = configuration });
        }
        catch (AdmissionConfigurationException fault)
        {
            throw new StartupException($"--admission-control-config-file: {fault.Message}", fault);
        }
    }
}

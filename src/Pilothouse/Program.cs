using Pilothouse;
using Pilothouse.Flags;
using Pilothouse.Hosting;
using Pilothouse.Settings;

var (flags, error) = FlagParser.Parse(args);
if (flags is null)
{
    Console.Error.WriteLine($"Error: {error}");
    Console.Error.WriteLine("Run 'pilothouse --help' for the flags there are.");
    return 1;
}
if (flags.Bool("help"))
{
    Console.Out.Write(FlagHelp.Text());
    return 0;
}
if (flags.String("version") != "false")
{
    Console.Out.WriteLine($"Kubernetes v{ProgramVersion.Text}");
    return 0;
}
var (settings, faults) = SettingsReader.Read(flags, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
if (faults.Count > 0)
{
    Console.Error.WriteLine(faults.Count == 1 ? $"Error: {faults[0]}" : $"Error: [{string.Join(", ", faults)}]");
    return 1;
}
try
{
    return await ServerProgram.RunAsync(settings, TimeProvider.System);
}
catch (StartupException fault)
{
    Console.Error.WriteLine($"Error: {fault.Message}");
    return 1;
}

namespace Pilothouse.Bench;

/// <summary>What a load cost.</summary>
/// <param name="Operations">How many were done.</param>
/// <param name="Cpu">The server's own CPU time for all of them.</param>
/// <param name="Wall">How long they took.</param>
internal readonly record struct Load(long Operations, TimeSpan Cpu, TimeSpan Wall)
{
    public double CpuMilliseconds => Cpu.TotalMilliseconds / Operations;

    public double PerSecond => Operations / Wall.TotalSeconds;
}

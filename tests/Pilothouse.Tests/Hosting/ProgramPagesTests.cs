using Pilothouse.Hosting;

namespace Pilothouse.Tests.Hosting;

public class ProgramPagesTests
{
    [Fact]
    public void Only_what_stands_in_the_file_as_it_is_in_memory_is_given_back()
    {
        const string smaps = """
            55d0c0000000-55d0c0001000 r--p 00000000 fe:00 12 /opt/pilothouse
            Size:                  4 kB
            Anonymous:             0 kB
            VmFlags: rd mr mw me
            55d0c0001000-55d0c0004000 r-xp 00001000 fe:00 12 /opt/pilothouse
            Anonymous:             0 kB
            55d0c0004000-55d0c0005000 r--p 00004000 fe:00 12 /opt/pilothouse
            Anonymous:             4 kB
            55d0c0005000-55d0c0006000 rw-p 00005000 fe:00 12 /opt/pilothouse
            Anonymous:             0 kB
            7f0000000000-7f0000001000 r-xp 00000000 fe:00 13 /usr/lib/libpilothouse
            Anonymous:             0 kB
            7f0000002000-7f0000003000 r-xp 00000000 00:00 0
            Anonymous:             0 kB
            """;

        Assert.Equal(
            [(unchecked((nint)0x55d0c0000000), 0x1000), (unchecked((nint)0x55d0c0001000), 0x3000)],
            ProgramPages.CleanMappings(smaps.Split('\n'), "/opt/pilothouse"));
    }
}

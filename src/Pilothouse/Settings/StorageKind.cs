namespace Pilothouse.Settings;

/// <summary>Where objects are kept.</summary>
internal enum StorageKind
{
    Sqlite,
    Memory,
    Etcd,
}

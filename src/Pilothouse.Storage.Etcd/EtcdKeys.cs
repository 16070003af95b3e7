using System.Text;
using Google.Protobuf;

namespace Pilothouse.Storage.Etcd;

/// <summary>Between the contract's keys (<c>/pods/default/web-0</c>) and etcd's (<c>/registry/pods/default/web-0</c>).</summary>
internal sealed class EtcdKeys
{
    private readonly string _prefix;
    private readonly byte[] _below;

    public EtcdKeys(string prefix)
    {
        _prefix = "/" + prefix.Trim('/');
        if (_prefix == "/")
            _prefix = "";
        _below = Encoding.UTF8.GetBytes(_prefix + "/");
    }

    /// <summary>The key as etcd has it.</summary>
    public ByteString ToEtcd(string key) => ByteString.CopyFromUtf8(_prefix + key);

    /// <summary>The key as the contract has it; null when it is not below the prefix.</summary>
    public string? FromEtcd(ByteString key)
    {
        var bytes = key.Span;
        return bytes.StartsWith(_below) ? Encoding.UTF8.GetString(bytes[(_below.Length - 1)..]) : null;
    }
}

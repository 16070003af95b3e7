using Google.Protobuf;
using Grpc.Net.Client;
using Pilothouse.Storage.Etcd.Protocol;

namespace Pilothouse.Bench.Storage;

/// <summary>The limit: transactions over one channel, put if the revision matches, otherwise read.</summary>
internal sealed class RawEtcd : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly KV.KVClient _keys;

    public RawEtcd(string address)
    {
        _channel = GrpcChannel.ForAddress(address);
        _keys = new(_channel);
    }

    public async Task<long> PutAsync(string key, byte[] value, long expected)
    {
        var name = ByteString.CopyFromUtf8(key);
        var answer = await _keys.TxnAsync(new TxnRequest
        {
            Compare = { new Compare { Target = Compare.Types.CompareTarget.Mod, Key = name, ModRevision = expected } },
            Success = { new RequestOp { RequestPut = new PutRequest { Key = name, Value = UnsafeByteOperations.UnsafeWrap(value) } } },
            Failure = { new RequestOp { RequestRange = new RangeRequest { Key = name } } },
        });
        return answer.Succeeded ? answer.Header.Revision : throw new InvalidOperationException($"{key} was refused");
    }

    public void Dispose() => _channel.Dispose();
}

namespace Pilothouse.Server.Authorization.Node;

/// <summary>On which nodes there are pods that refer to something, and how many. Mostly that is one node.</summary>
internal sealed class NodeCounts
{
    private string _first = "";
    private int _count;
    private Dictionary<string, int>? _others;

    public bool IsEmpty => _count == 0 && _others is null or { Count: 0 };

    public bool Has(string node) => (_count > 0 && _first == node) || _others?.ContainsKey(node) == true;

    public void Add(string node)
    {
        if (_count == 0 && _others?.ContainsKey(node) != true)
            _first = node;
        if (_first == node)
            _count++;
        else
            (_others ??= [])[node] = _others.GetValueOrDefault(node) + 1;
    }

    public void Remove(string node)
    {
        if (_count > 0 && _first == node)
        {
            _count--;
        }
        else if (_others is not null && _others.TryGetValue(node, out var count))
        {
            if (count > 1)
                _others[node] = count - 1;
            else
                _others.Remove(node);
        }
    }
}

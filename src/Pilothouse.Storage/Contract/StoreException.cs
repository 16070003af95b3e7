namespace Pilothouse.Storage;

/// <summary>A fault of the store itself, in words that an operator can act on.</summary>
public class StoreException : Exception
{
    public StoreException(StoreFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    public StoreFault Fault { get; }
}

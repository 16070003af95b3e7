namespace Pilothouse.Cel;

/// <summary>Gives an evaluation the values of its variables, when it asks.</summary>
public interface ICelActivation
{
    /// <summary>Finds a variable; an error as its value is what the expression then sees.</summary>
    bool TryGet(string name, out CelValue value);
}

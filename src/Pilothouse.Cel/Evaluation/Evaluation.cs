namespace Pilothouse.Cel;

/// <summary>One run of a program: its variables, the local ones, and what it may still spend.</summary>
internal sealed class Evaluation(ICelActivation activation, int locals, ulong limit, CancellationToken cancellation)
{
    private const int TurnsBetweenLooks = 100;

    private int _turns;

    public CelValue[] Locals { get; } = locals == 0 ? [] : new CelValue[locals];

    /// <summary>Which locals of bindings have been computed.</summary>
    public bool[] Known { get; } = locals == 0 ? [] : new bool[locals];

    public ICelActivation Activation => activation;

    public ulong Cost { get; private set; }

    /// <summary>Set once the run has to end whatever the operators make of errors.</summary>
    public CelValue Halt { get; private set; }

    public bool IsHalted => Halt.IsError;

    public bool CostExceeded { get; private set; }

    public void Spend(ulong cost)
    {
        Cost = Costs.Add(Cost, cost);
        if (Cost <= limit || IsHalted)
            return;
        CostExceeded = true;
        Halt = CelValue.Error("operation cancelled: actual cost limit exceeded");
    }

    /// <summary>Ends the run until somebody has answered.</summary>
    public CelValue AwaitAnswer(CelAuthorizationCheck check, CelAuthorizer authorizer)
    {
        authorizer.Wait(check);
        Halt = CelValue.Error("the authorizer has not answered yet");
        return Halt;
    }

    /// <summary>A turn of a loop; false when the run has to end.</summary>
    public bool Turn()
    {
        if (++_turns % TurnsBetweenLooks == 0 && cancellation.IsCancellationRequested && !IsHalted)
            Halt = CelValue.Error("operation interrupted");
        return !IsHalted;
    }
}

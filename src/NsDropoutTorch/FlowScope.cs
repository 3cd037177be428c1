namespace NsDropoutTorch;

/// <summary>
/// The place of a scope among the nested scopes of its kind. It flows with the logical call: over <c>await</c> to the thread that continues, and into tasks and
/// threads that are started within the scope. Other threads never see it.
/// </summary>
/// <remarks>
/// Work that was started in a scope may outlive it. It then finds an ended scope, and not the enclosing one, whose labels were not meant for it.
/// </remarks>
/// <typeparam name="T">The kind of scope.</typeparam>
internal sealed class FlowScope<T>
    where T : class
{
    private static readonly AsyncLocal<FlowScope<T>?> InnermostOfFlow = new();

    private FlowScope<T>? outer;
    private bool ended;
    private bool passedOver;

    /// <summary>Opens the scope as the innermost of this flow.</summary>
    /// <param name="owner">What the scope holds.</param>
    public FlowScope(T owner)
    {
        Owner = owner;
        outer = InnermostOfFlow.Value;
        outer?.ForgetEnded();
        InnermostOfFlow.Value = this;
    }

    /// <summary>The innermost place of this flow, open or ended by other work; null where there is none.</summary>
    public static FlowScope<T>? Innermost => InnermostOfFlow.Value;

    /// <summary>What the innermost scope holds; null where there is none or it has ended.</summary>
    public static T? Current => Innermost is { IsOpen: true } place ? place.Owner : null;

    /// <summary>What the scope holds.</summary>
    public T Owner { get; }

    /// <summary>Whether the scope has not ended.</summary>
    public bool IsOpen => !Volatile.Read(ref ended);

    /// <summary>The place around this one; scopes that ended before those within them are passed over.</summary>
    public FlowScope<T>? Outer
    {
        get
        {
            ForgetEnded();
            return outer;
        }
    }

    /// <summary>Ends the scope, in any order with others and in any flow; false where it has ended before.</summary>
    public bool End()
    {
        var around = Outer;
        if (Interlocked.Exchange(ref ended, true)) return false;
        if (ReferenceEquals(InnermostOfFlow.Value, this))
            InnermostOfFlow.Value = around;
        else
            Volatile.Write(ref passedOver, true);
        return true;
    }

    // Drops ended scopes from the chain, which would grow where other work ends each scope or scopes overlap.
    private void ForgetEnded()
    {
        while (outer is { IsOpen: false } around && (!IsOpen || Volatile.Read(ref around.passedOver)))
            outer = around.outer;
    }
}

namespace TorchSharp;

/// <summary>The thread's stack of dispose scopes and what it has counted.</summary>
public class DisposeScopeManager
{
    private const int LargestSetKept = 1024;
    private const int MostSetsKept = 16;

    [ThreadStatic]
    private static DisposeScopeManager? _ofThread;

    // A training step opens dozens of scopes: with their sets used again they allocate next to nothing.
    private readonly Stack<HashSet<IDisposable>> _sets = [];

    public static ThreadDisposeScopeStatistics Statistics => OfThread.Counts;

    internal static DisposeScopeManager OfThread => _ofThread ??= new DisposeScopeManager();

    internal ThreadDisposeScopeStatistics Counts { get; } = new();

    internal DisposeScope? Current { get; private set; }

    internal DisposeScope Open() => Current = new DisposeScope(this, Current);

    /// <summary>An empty set for a scope.</summary>
    internal HashSet<IDisposable> TakeSet() =>
        ReferenceEquals(this, _ofThread) && _sets.TryPop(out var set) ? set : new(ReferenceEqualityComparer.Instance);

    /// <summary>Takes the set of a scope that has ended; one of a scope that ended on another thread is left to the collector.</summary>
    internal void GiveBack(HashSet<IDisposable> set)
    {
        if (!ReferenceEquals(this, _ofThread) || set.Capacity > LargestSetKept || _sets.Count == MostSetsKept) return;
        set.Clear();
        _sets.Push(set);
    }

    internal DisposeScope? Register(torch.Tensor tensor)
    {
        var counts = Counts.TensorStatistics;
        if (Current is null) counts.CreatedOutsideScopeCount++;
        else counts.CreatedInScopeCount++;
        Current?.Tensors.Add(tensor);
        return Current;
    }

    internal void CountDisposed(torch.Tensor tensor)
    {
        if (tensor.OwningDisposeScope is null) Counts.TensorStatistics.DisposedOutsideScopeCount++;
        else Counts.TensorStatistics.DisposedInScopeCount++;
    }

    /// <summary>Takes a scope out of the stack, wherever in it it is.</summary>
    internal void Close(DisposeScope scope)
    {
        if (ReferenceEquals(Current, scope))
        {
            Current = scope.Outer;
            return;
        }

        for (var inner = Current; inner is not null; inner = inner.Outer)
        {
            if (!ReferenceEquals(inner.Outer, scope)) continue;
            inner.Outer = scope.Outer;
            return;
        }
    }
}

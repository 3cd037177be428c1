using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The frame of every optimizer: groups, state by parameter, the step without gradients, and the state file.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    protected OptimizerOptions _defaults = new();
    protected OrderedDict<nint, OptimizerState> _state = new();

    public OptimizerHelper()
        : base(IntPtr.Zero)
    {
    }

    public void save_state_dict(string location)
    {
        using var stream = File.Create(location);
        using var writer = new BinaryWriter(stream);
        save_state_dict(writer);
    }

    public void save_state_dict(BinaryWriter writer)
    {
        var state = state_dict();
        writer.Write(GetType().Name);
        writer.Encode(state.Options.Count);
        writer.Encode(state.State.Count);
        foreach (var options in state.Options) options.SaveStateDict(writer);
        foreach (var ofParameter in state.State) ofParameter.SaveStateDict(writer);
    }

    public void load_state_dict(string location)
    {
        using var stream = File.OpenRead(location);
        using var reader = new BinaryReader(stream);
        load_state_dict(reader);
    }

    public void load_state_dict(BinaryReader reader)
    {
        var (expected, found) = (GetType().Name, reader.ReadString());
        if (found != expected)
            throw new InvalidDataException($"Mismatched optimizer type: expected '{expected}', but found '{found}' in the loaded stream.");
        var state = state_dict();
        RequireCounts(state, reader.Decode(), reader.Decode());
        foreach (var options in state.Options) options.LoadStateDict(reader);
        foreach (var ofParameter in state.State) ofParameter.LoadStateDict(reader);
    }

    public virtual void load_state_dict(StateDictionary state_dict)
    {
        var own = this.state_dict();
        RequireCounts(own, state_dict.Options.Count, state_dict.State.Count);
        foreach (var (options, source) in own.Options.Zip(state_dict.Options))
        {
            if (!ReferenceEquals(options, source)) options.LoadStateDict(source);
        }

        foreach (var (ofParameter, source) in own.State.Zip(state_dict.State))
        {
            if (!ReferenceEquals(ofParameter, source)) ofParameter.LoadStateDict(source);
        }
    }

    public virtual StateDictionary state_dict()
    {
        var result = new StateDictionary();
        foreach (var group in _parameter_groups)
        {
            var first = result.State.Count;
            result.Options.Add(group.Options);
            result.State.AddRange(group.Parameters.Select(parameter => _state[parameter.Handle]));
            result.StateIndexRef.Add(Enumerable.Range(first, result.State.Count - first).ToList());
        }

        return result;
    }

    public void to(Device device)
    {
        foreach (var parameter in parameters()) _state[parameter.Handle].to(device);
    }

    protected Tensor? _step<T>(Action<T> body, Func<Tensor>? loss_closure = null)
        where T : ParamGroup
    {
        var loss = Evaluate(loss_closure);
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        foreach (var group in _parameter_groups) body((T)group);
        return loss;
    }

    private protected override void DisposeState()
    {
        foreach (var (_, state) in _state) (state as IDisposable)?.Dispose();
        _state.Clear();
    }

    /// <summary>Adds a group whose options are completed from the defaults, with fresh state for its parameters.</summary>
    private protected void AddGroup<TOptions>(ParamGroup group, Func<Parameter, OptimizerState> newState)
        where TOptions : OptimizerOptions, new()
    {
        group.Options ??= new TOptions();
        group.Options.Complete(_defaults);
        group.InitialLearningRate = group.LearningRate;
        // Walked once: model.parameters() walks the whole model whenever it is asked, and every step asks.
        group.Parameters = [.. group.Parameters];
        _parameter_groups.Add(group);
        foreach (var parameter in group.Parameters)
        {
            var state = newState(parameter);
            _state[parameter.Handle] = state;
            state.Initialize(group.Options);
        }
    }

    /// <summary>Updates, one by one, the parameters of a group that have a gradient.</summary>
    private protected void Each<TState, TOptions>(ParamGroup<TOptions> group, Action<Parameter, Tensor, TState, TOptions> update)
        where TState : OptimizerState
        where TOptions : OptimizerOptions
    {
        foreach (var parameter in group.Parameters)
        {
            var state = (TState)_state[parameter.Handle];
            var gradient = parameter.grad;
            if (gradient is not null) update(parameter, gradient, state, group.Options);
        }
    }

    private static Tensor? Evaluate(Func<Tensor>? closure)
    {
        if (closure is null) return null;
        using var mode = enable_grad();
        return closure();
    }

    private static void RequireCounts(StateDictionary state, long groups, long parameters)
    {
        if (groups != state.Options.Count) throw new ArgumentException("Invalid optimizer state -- different number of parameter groups.");
        if (parameters != state.State.Count) throw new ArgumentException("Invalid optimizer state -- different number of states.");
    }
}

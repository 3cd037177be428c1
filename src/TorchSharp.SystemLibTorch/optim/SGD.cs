using static TorchSharp.torch;

namespace TorchSharp.Modules;

public class SGD : OptimizerHelper, optim.IMomentum
{
    public SGD(
        IEnumerable<Parameter> parameters, double lr, double momentum = 0.0, double dampening = 0, double weight_decay = 0,
        bool nesterov = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize)
    {
    }

    public SGD(
        IEnumerable<ParamGroup> parameters, double lr, double momentum = 0.0, double dampening = 0, double weight_decay = 0,
        bool nesterov = false, bool maximize = false)
    {
        OptimizerOptions.Require(lr >= 0, "learning rate", lr);
        OptimizerOptions.Require(momentum >= 0, "momentum value", momentum);
        OptimizerOptions.Require(weight_decay >= 0, "weight_decay value", weight_decay);
        if (nesterov && (momentum <= 0 || dampening != 0))
            throw new ArgumentException("Nesterov momentum requires a momentum and zero dampening");
        _defaults = new Options
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            momentum = momentum,
            dampening = dampening,
            weight_decay = weight_decay,
            nesterov = nesterov,
            maximize = maximize,
        };
        foreach (var group in parameters) add_param_group(group);
    }

    public double Momentum
    {
        get => ((Options)_defaults).momentum!.Value;
        set => ((Options)_defaults).momentum = value;
    }

    public override void add_param_group(Modules.ParamGroup param_group) =>
        AddGroup<Options>(param_group, parameter => new State(parameter));

    public override Tensor? step(Func<Tensor>? closure = null) => _step<ParamGroup>(Step, closure);

    private void Step(ParamGroup group)
    {
        foreach (var parameter in group.Parameters)
        {
            var state = (State)_state[parameter.Handle];
            var gradient = parameter.grad;
            if (gradient is not null) Update(parameter, gradient, state, group.Options);
        }
    }

    private static void Update(Parameter parameter, Tensor gradient, State state, Options options)
    {
        var momentum = options.momentum!.Value;
        if (options.weight_decay != 0) gradient = gradient.add(parameter, options.weight_decay!.Value);
        if (momentum != 0)
        {
            if (state.momentum_buffer is null) state.momentum_buffer = gradient.clone().DetachFromDisposeScope();
            else state.momentum_buffer.mul_(momentum).add_(gradient, 1 - options.dampening!.Value);
            gradient = options.nesterov!.Value ? gradient.add(state.momentum_buffer, momentum) : state.momentum_buffer;
        }

        var lr = options.LearningRate!.Value;
        parameter.add_(gradient, options.maximize!.Value ? lr : -lr);
    }

    public sealed class State : OptimizerState, IDisposable
    {
        public Tensor? momentum_buffer;

        public State(Parameter parameter)
            : base(parameter)
        {
        }

        public void Dispose()
        {
            momentum_buffer?.Dispose();
        }

        public override void to(Device device)
        {
            momentum_buffer = Moved(momentum_buffer, device);
        }

        public override void SaveStateDict(BinaryWriter writer)
        {
            SaveConditionalStateTensor(writer, momentum_buffer);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            LoadConditionalStateTensor(reader, ref momentum_buffer, _parameter.device);
        }

        public override void LoadStateDict(OptimizerState source)
        {
            var other = (State)source;
            momentum_buffer = Copied(other.momentum_buffer, momentum_buffer);
        }

        public override bool ApproximatelyEquals(OptimizerState other) =>
            other is State state && Same(momentum_buffer, state.momentum_buffer);

        public override void Initialize(OptimizerOptions options)
        {
            momentum_buffer?.Dispose();
            momentum_buffer = null;
        }
    }

    public class Options : OptimizerOptions
    {
        public double? momentum;

        public double? dampening;

        public double? weight_decay;

        public bool? nesterov;

        public bool? maximize;

        public override void SaveStateDict(BinaryWriter writer)
        {
            base.SaveStateDict(writer);
            writer.Write(momentum!.Value);
            writer.Write(dampening!.Value);
            writer.Write(weight_decay!.Value);
            writer.Write(nesterov!.Value);
            writer.Write(maximize!.Value);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            base.LoadStateDict(reader);
            momentum = reader.ReadDouble();
            dampening = reader.ReadDouble();
            weight_decay = reader.ReadDouble();
            nesterov = reader.ReadBoolean();
            maximize = reader.ReadBoolean();
        }

        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var other = (Options)source;
            momentum = other.momentum;
            dampening = other.dampening;
            weight_decay = other.weight_decay;
            nesterov = other.nesterov;
            maximize = other.maximize;
        }

        internal override void Complete(OptimizerOptions defaults)
        {
            base.Complete(defaults);
            var other = (Options)defaults;
            momentum ??= other.momentum;
            dampening ??= other.dampening;
            weight_decay ??= other.weight_decay;
            nesterov ??= other.nesterov;
            maximize ??= other.maximize;
        }
    }

    public class ParamGroup : ParamGroup<Options>, optim.IMomentum
    {
        public ParamGroup()
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options)
            : base(parameters, options)
        {
        }

        public ParamGroup(
            IEnumerable<Parameter> parameters, double lr = 1e-3, double momentum = 0.0, double dampening = 0, double weight_decay = 0,
            bool nesterov = false, bool maximize = false)
            : base(parameters, new Options { LearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay,
                nesterov = nesterov, maximize = maximize })
        {
        }

        public double Momentum
        {
            get => Options.momentum!.Value;
            set => Options.momentum = value;
        }
    }
}

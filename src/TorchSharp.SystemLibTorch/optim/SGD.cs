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

    public override Tensor? step(Func<Tensor>? closure = null) =>
        _step<ParamGroup>(group => Each<State, Options>(group, Update), closure);

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

    public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
    {
        public Tensor? momentum_buffer;

        public void Dispose() => Release();

        public override void SaveStateDict(BinaryWriter writer) => Save(writer);

        public override void LoadStateDict(BinaryReader reader) => Load(reader);

        public override void LoadStateDict(OptimizerState source) => Copy(source);

        public override void Initialize(OptimizerOptions options)
        {
            Release();
            momentum_buffer = null;
        }

        private protected override void Each(VisitCount count, VisitTensor tensor, OptimizerState other)
        {
            var state = (State)other;
            tensor(ref momentum_buffer, state.momentum_buffer, optional: true);
        }
    }

    public class Options : OptimizerOptions
    {
        public double? momentum;

        public double? dampening;

        public double? weight_decay;

        public bool? nesterov;

        public bool? maximize;

        private protected override void Each(Visit<double> number, Visit<bool> flag, OptimizerOptions other)
        {
            var options = (Options)other;
            number(ref momentum, options.momentum);
            number(ref dampening, options.dampening);
            number(ref weight_decay, options.weight_decay);
            flag(ref nesterov, options.nesterov);
            flag(ref maximize, options.maximize);
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

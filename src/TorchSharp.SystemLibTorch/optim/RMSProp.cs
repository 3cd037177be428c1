using static TorchSharp.torch;

namespace TorchSharp.Modules;

public class RMSProp : OptimizerHelper, optim.IMomentum
{
    public RMSProp(
        IEnumerable<Parameter> parameters, double lr = 1e-3, double alpha = 0.99, double eps = 1e-8, double weight_decay = 0,
        double momentum = 0.0, bool centered = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, alpha, eps, weight_decay, momentum, centered, maximize)
    {
    }

    public RMSProp(
        IEnumerable<ParamGroup> parameters, double lr = 1e-3, double alpha = 0.99, double eps = 1e-8, double weight_decay = 0,
        double momentum = 0.0, bool centered = false, bool maximize = false)
    {
        OptimizerOptions.Require(lr >= 0, "learning rate", lr);
        OptimizerOptions.Require(eps >= 0, "ε", eps);
        OptimizerOptions.Require(alpha >= 0, "alpha", alpha);
        OptimizerOptions.Require(momentum >= 0, "momentum value", momentum);
        OptimizerOptions.Require(weight_decay >= 0, "weight_decay value", weight_decay);
        _defaults = new Options
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            maximize = maximize,
            momentum = momentum,
            alpha = alpha,
            eps = eps,
            weight_decay = weight_decay,
            centered = centered,
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
        var (lr, alpha) = (options.LearningRate!.Value, options.alpha!.Value);
        if (options.maximize!.Value) gradient = gradient.neg();
        state.step++;
        if (options.weight_decay != 0) gradient = gradient.add(parameter, options.weight_decay!.Value);
        state.square_avg.mul_(alpha).addcmul_(gradient, gradient, 1 - alpha);
        var average = Deviation(gradient, state, alpha, options.centered!.Value).add_(options.eps!.Value);
        if (options.momentum > 0)
        {
            state.momentum_buffer!.mul_(options.momentum.Value).addcdiv_(gradient, average, 1);
            parameter.add_(state.momentum_buffer, -lr);
        }
        else
        {
            parameter.addcdiv_(gradient, average, -lr);
        }
    }

    private static Tensor Deviation(Tensor gradient, State state, double alpha, bool centered)
    {
        if (!centered) return state.square_avg.sqrt();
        state.grad_avg!.mul_(alpha).add_(gradient, 1 - alpha);
        return state.square_avg.addcmul(state.grad_avg, state.grad_avg, -1).sqrt_();
    }

    public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
    {
        public long step;

        public Tensor square_avg = null!;

        public Tensor? momentum_buffer;

        public Tensor? grad_avg;

        public void Dispose() => Release();

        public override void SaveStateDict(BinaryWriter writer) => Save(writer);

        public override void LoadStateDict(BinaryReader reader) => Load(reader);

        public override void LoadStateDict(OptimizerState source) => Copy(source);

        public override void Initialize(OptimizerOptions options)
        {
            Release();
            step = 0;
            square_avg = Zeros();
            momentum_buffer = Zeros();
            grad_avg = Zeros();
        }

        private protected override void Each(VisitCount count, VisitTensor tensor, OptimizerState other)
        {
            var state = (State)other;
            count(ref step, state.step);
            tensor(ref square_avg!, state.square_avg);
            tensor(ref momentum_buffer, state.momentum_buffer, optional: true);
            tensor(ref grad_avg, state.grad_avg, optional: true);
        }
    }

    public class Options : OptimizerOptions
    {
        public bool? maximize;

        public double? momentum;

        public double? alpha;

        public double? eps;

        public double? weight_decay;

        public bool? centered;

        private protected override void Each(Visit<double> number, Visit<bool> flag, OptimizerOptions other)
        {
            var options = (Options)other;
            flag(ref maximize, options.maximize);
            number(ref momentum, options.momentum);
            number(ref alpha, options.alpha);
            number(ref eps, options.eps);
            number(ref weight_decay, options.weight_decay);
            flag(ref centered, options.centered);
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
            IEnumerable<Parameter> parameters, double lr = 1e-3, double eps = 1e-8, double alpha = 0.99, double weight_decay = 0,
            double momentum = 0.0, bool centered = false)
            : base(parameters, new Options { LearningRate = lr, eps = eps, alpha = alpha, weight_decay = weight_decay,
                momentum = momentum, centered = centered })
        {
        }

        public double Momentum
        {
            get => Options.momentum!.Value;
            set => Options.momentum = value;
        }
    }
}

using static TorchSharp.torch;

namespace TorchSharp.Modules;

public class Adam : OptimizerHelper, optim.IBetas
{
    public Adam(
        IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
        double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
    {
    }

    public Adam(
        IEnumerable<ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
        double weight_decay = 0, bool amsgrad = false, bool maximize = false)
    {
        AdamRule.Require(lr, beta1, beta2, eps, weight_decay);
        _defaults = new Options
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            beta1 = beta1,
            beta2 = beta2,
            eps = eps,
            weight_decay = weight_decay,
            amsgrad = amsgrad,
            maximize = maximize,
        };
        foreach (var group in parameters) add_param_group(group);
    }

    public (double, double) Betas
    {
        get => (((Options)_defaults).beta1!.Value, ((Options)_defaults).beta2!.Value);
        set => (((Options)_defaults).beta1, ((Options)_defaults).beta2) = value;
    }

    public override void add_param_group(Modules.ParamGroup param_group) =>
        AddGroup<Options>(param_group, parameter => new State(parameter));

    public override Tensor? step(Func<Tensor>? closure = null) =>
        _step<ParamGroup>(Update, closure);

    private void Update(ParamGroup group)
    {
        var options = group.Options;
        var rule = new AdamRule(
            options.LearningRate!.Value, options.beta1!.Value, options.beta2!.Value, options.eps!.Value, options.amsgrad!.Value);
        Each<State, Options>(group, (parameter, gradient, state, _) => Update(parameter, gradient, state, options, rule));
    }

    private static void Update(Parameter parameter, Tensor gradient, State state, Options options, AdamRule rule)
    {
        if (options.maximize!.Value) gradient = gradient.neg();
        if (options.weight_decay != 0) gradient = gradient.add(parameter, options.weight_decay!.Value);
        rule.Update(parameter, gradient, ++state.step, state.exp_avg, state.exp_avg_sq, state.max_exp_avg_sq);
    }

    public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
    {
        public long step;

        public Tensor exp_avg = null!;

        public Tensor exp_avg_sq = null!;

        public Tensor? max_exp_avg_sq;

        public void Dispose() => Release();

        public override void SaveStateDict(BinaryWriter writer) => Save(writer);

        public override void LoadStateDict(BinaryReader reader) => Load(reader);

        public override void LoadStateDict(OptimizerState source) => Copy(source);

        public override void Initialize(OptimizerOptions options)
        {
            Release();
            step = 0;
            exp_avg = Zeros();
            exp_avg_sq = Zeros();
            max_exp_avg_sq = ((Options)options).amsgrad == true ? Zeros() : null;
        }

        private protected override void Each(VisitCount count, VisitTensor tensor, OptimizerState other)
        {
            var state = (State)other;
            count(ref step, state.step);
            tensor(ref exp_avg!, state.exp_avg);
            tensor(ref exp_avg_sq!, state.exp_avg_sq);
            tensor(ref max_exp_avg_sq, state.max_exp_avg_sq, optional: true);
        }
    }

    public class Options : OptimizerOptions
    {
        public double? beta1;

        public double? beta2;

        public double? eps;

        public double? weight_decay;

        public bool? amsgrad;

        public bool? maximize;

        private protected override void Each(Visit<double> number, Visit<bool> flag, OptimizerOptions other)
        {
            var options = (Options)other;
            number(ref beta1, options.beta1);
            number(ref beta2, options.beta2);
            number(ref eps, options.eps);
            number(ref weight_decay, options.weight_decay);
            flag(ref amsgrad, options.amsgrad);
            flag(ref maximize, options.maximize);
        }
    }

    public class ParamGroup : ParamGroup<Options>, optim.IBetas
    {
        public ParamGroup()
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options)
            : base(parameters, options)
        {
        }

        public ParamGroup(
            IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
            double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : base(parameters, new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay,
                amsgrad = amsgrad, maximize = maximize })
        {
        }

        public (double, double) Betas
        {
            get => (Options.beta1!.Value, Options.beta2!.Value);
            set => (Options.beta1, Options.beta2) = value;
        }
    }
}

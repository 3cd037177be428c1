using static TorchSharp.torch;

namespace TorchSharp.Modules;

public class Adagrad : OptimizerHelper
{
    public Adagrad(
        IEnumerable<Parameter> parameters, double lr = 1e-2, double lr_decay = 0, double weight_decay = 0,
        double initial_accumulator_value = 0, double eps = 1e-10)
        : this([new ParamGroup { Parameters = parameters }], lr, lr_decay, weight_decay, initial_accumulator_value, eps)
    {
    }

    public Adagrad(
        IEnumerable<ParamGroup> parameters, double lr = 1e-2, double lr_decay = 0, double weight_decay = 0,
        double initial_accumulator_value = 0, double eps = 1e-10)
    {
        OptimizerOptions.Require(lr >= 0, "learning rate", lr);
        OptimizerOptions.Require(eps >= 0, "ε", eps);
        OptimizerOptions.Require(lr_decay >= 0, "lr_decay value", lr_decay);
        OptimizerOptions.Require(weight_decay >= 0, "weight_decay value", weight_decay);
        OptimizerOptions.Require(initial_accumulator_value >= 0, "initial_accumulator_value", initial_accumulator_value);
        _defaults = new Options
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            lr_decay = lr_decay,
            initial_accumulator_value = initial_accumulator_value,
            eps = eps,
            weight_decay = weight_decay,
        };
        foreach (var group in parameters) add_param_group(group);
    }

    public override void add_param_group(Modules.ParamGroup param_group) =>
        AddGroup<Options>(param_group, parameter => new State(parameter));

    public override Tensor? step(Func<Tensor>? closure = null) =>
        _step<ParamGroup>(group => Each<State, Options>(group, Update), closure);

    private static void Update(Parameter parameter, Tensor gradient, State state, Options options)
    {
        if (gradient.is_complex()) throw new NotImplementedException("Adagrad optimization over complex parameters");
        state.step++;
        if (options.weight_decay != 0) gradient = gradient.add(parameter, options.weight_decay!.Value);
        var lr = options.LearningRate!.Value / (1 + ((state.step - 1) * options.lr_decay!.Value));
        state.sum.addcmul_(gradient, gradient, 1);
        parameter.addcdiv_(gradient, state.sum.sqrt().add_(options.eps!.Value), -lr);
    }

    public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
    {
        public long step;

        public Tensor sum = null!;

        public void Dispose() => Release();

        public override void SaveStateDict(BinaryWriter writer) => Save(writer);

        public override void LoadStateDict(BinaryReader reader) => Load(reader);

        public override void LoadStateDict(OptimizerState source) => Copy(source);

        public override void Initialize(OptimizerOptions options)
        {
            Release();
            step = 0;
            sum = full_like(_parameter, ((Options)options).initial_accumulator_value!.Value).DetachFromDisposeScope();
        }

        private protected override void Each(VisitCount count, VisitTensor tensor, OptimizerState other)
        {
            var state = (State)other;
            count(ref step, state.step);
            tensor(ref sum!, state.sum);
        }
    }

    public class Options : OptimizerOptions
    {
        public double? lr_decay;

        public double? initial_accumulator_value;

        public double? eps;

        public double? weight_decay;

        private protected override void Each(Visit<double> number, Visit<bool> flag, OptimizerOptions other)
        {
            var options = (Options)other;
            number(ref lr_decay, options.lr_decay);
            number(ref initial_accumulator_value, options.initial_accumulator_value);
            number(ref eps, options.eps);
            number(ref weight_decay, options.weight_decay);
        }
    }

    public class ParamGroup : ParamGroup<Options>
    {
        public ParamGroup()
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options)
            : base(parameters, options)
        {
        }

        public ParamGroup(
            IEnumerable<Parameter> parameters, double lr = 1e-2, double lr_decay = 0, double weight_decay = 0,
            double initial_accumulator_value = 0, double eps = 1e-10)
            : base(parameters, new Options { LearningRate = lr, lr_decay = lr_decay, weight_decay = weight_decay,
                initial_accumulator_value = initial_accumulator_value, eps = eps })
        {
        }
    }
}

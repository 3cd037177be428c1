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
        if (gradient.is_complex()) throw new NotImplementedException("Adagrad optimization over complex parameters");
        state.step++;
        if (options.weight_decay != 0) gradient = gradient.add(parameter, options.weight_decay!.Value);
        var lr = options.LearningRate!.Value / (1 + ((state.step - 1) * options.lr_decay!.Value));
        state.sum.addcmul_(gradient, gradient, 1);
        parameter.addcdiv_(gradient, state.sum.sqrt().add_(options.eps!.Value), -lr);
    }

    public sealed class State : OptimizerState, IDisposable
    {
        public long step;

        public Tensor sum = null!;

        public State(Parameter parameter)
            : base(parameter)
        {
        }

        public void Dispose()
        {
            sum.Dispose();
        }

        public override void to(Device device)
        {
            sum = Moved(sum, device);
        }

        public override void SaveStateDict(BinaryWriter writer)
        {
            writer.Write(step);
            sum.Save(writer);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            step = reader.ReadInt64();
            sum.Load(reader);
        }

        public override void LoadStateDict(OptimizerState source)
        {
            var other = (State)source;
            step = other.step;
            sum = Copied(other.sum, sum);
        }

        public override bool ApproximatelyEquals(OptimizerState other) =>
            other is State state && step == state.step && Same(sum, state.sum);

        public override void Initialize(OptimizerOptions options)
        {
            step = 0;
            sum?.Dispose();
            sum = full_like(_parameter, ((Options)options).initial_accumulator_value!.Value).DetachFromDisposeScope();
        }
    }

    public class Options : OptimizerOptions
    {
        public double? lr_decay;

        public double? initial_accumulator_value;

        public double? eps;

        public double? weight_decay;

        public override void SaveStateDict(BinaryWriter writer)
        {
            base.SaveStateDict(writer);
            writer.Write(lr_decay!.Value);
            writer.Write(initial_accumulator_value!.Value);
            writer.Write(eps!.Value);
            writer.Write(weight_decay!.Value);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            base.LoadStateDict(reader);
            lr_decay = reader.ReadDouble();
            initial_accumulator_value = reader.ReadDouble();
            eps = reader.ReadDouble();
            weight_decay = reader.ReadDouble();
        }

        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var other = (Options)source;
            lr_decay = other.lr_decay;
            initial_accumulator_value = other.initial_accumulator_value;
            eps = other.eps;
            weight_decay = other.weight_decay;
        }

        internal override void Complete(OptimizerOptions defaults)
        {
            base.Complete(defaults);
            var other = (Options)defaults;
            lr_decay ??= other.lr_decay;
            initial_accumulator_value ??= other.initial_accumulator_value;
            eps ??= other.eps;
            weight_decay ??= other.weight_decay;
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

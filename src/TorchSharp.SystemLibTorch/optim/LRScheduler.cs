namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>Sets the learning rates of an optimizer's groups, once a step.</summary>
            public abstract class LRScheduler
            {
                protected int _step_count;
                private readonly bool _verbose;

                protected LRScheduler()
                {
                }

                protected LRScheduler(Optimizer optimizer, int last_epoch = -1, bool verbose = false)
                {
                    ArgumentNullException.ThrowIfNull(optimizer);
                    Groups = optimizer.ParamGroups.ToList();
                    LastEpoch = last_epoch;
                    _verbose = verbose;
                    BaseRates = Groups.ConvertAll(group => group.InitialLearningRate);
                    LastRates = Groups.ConvertAll(group => group.LearningRate);
                }

                private protected List<ILearningRateController> Groups { get; } = [];

                private protected int LastEpoch { get; set; }

                private protected List<double> BaseRates { get; } = [];

                private protected List<double> LastRates { get; } = [];

                public virtual void step() => step(null);

                public virtual void step(int? epoch)
                {
                    _step_count++;
                    LastEpoch = epoch ?? LastEpoch + 1;
                    var rates = (epoch is null ? get_lr() : get_closed_form_lr()).ToList();
                    for (var i = 0; i < BaseRates.Count; i++)
                    {
                        if (_verbose && rates[i] != LastRates[i]) Console.WriteLine($"Adjusting learning rate to {rates[i]}");
                        Groups[i].LearningRate = LastRates[i] = rates[i];
                    }
                }

                public virtual void step(double current, int? epoch = null) => step(epoch);

                public IEnumerable<double> get_last_lr() => LastRates;

                protected virtual IEnumerable<double> get_lr() => Groups.Select(group => group.LearningRate);

                protected virtual IEnumerable<double> get_closed_form_lr() => get_lr();

                private protected IEnumerable<double> CurrentTimes(double factor) => Groups.Select(group => group.LearningRate * factor);

                private protected IEnumerable<double> BaseTimes(double factor) => BaseRates.Select(rate => rate * factor);
            }
        }
    }
}

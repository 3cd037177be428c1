namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static LRScheduler CosineAnnealingLR(
                Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false) =>
                new impl.CosineAnnealingLR(optimizer, T_max, eta_min, last_epoch, verbose);

            public static partial class impl
            {
                public class CosineAnnealingLR : LRScheduler
                {
                    private readonly double _period;
                    private readonly double _floor;

                    public CosineAnnealingLR(
                        Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _period = T_max;
                        _floor = eta_min;
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (LastEpoch == 0) return CurrentTimes(1);
                        if ((LastEpoch - 1 - _period) % (2 * _period) == 0)
                        {
                            return Groups.Zip(
                                BaseRates,
                                (group, rate) => group.LearningRate + ((rate - _floor) * (1 - Math.Cos(Math.PI / _period)) / 2));
                        }

                        var change = Height(LastEpoch) / Height(LastEpoch - 1);
                        return Groups.Select(group => (change * (group.LearningRate - _floor)) + _floor);
                    }

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        BaseRates.Select(rate => _floor + ((rate - _floor) * Height(LastEpoch) / 2));

                    private double Height(int epoch) => 1 + Math.Cos(Math.PI * epoch / _period);
                }
            }
        }
    }
}

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static LRScheduler PolynomialLR(
                Optimizer optimizer, int total_iters = 5, double power = 1, int last_epoch = -1, bool verbose = false) =>
                new impl.PolynomialLR(optimizer, total_iters, power, last_epoch, verbose);

            public static partial class impl
            {
                public class PolynomialLR : LRScheduler
                {
                    private readonly double _power;
                    private readonly double _totalIterations;

                    public PolynomialLR(
                        Optimizer optimizer, int total_iters = 5, double power = 1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _power = power;
                        _totalIterations = total_iters;
                        step();
                    }

                    private double Change => LastEpoch == 0 || LastEpoch > _totalIterations
                        ? 1
                        : Math.Pow((1.0 - (LastEpoch / _totalIterations)) / (1.0 - ((LastEpoch - 1) / _totalIterations)), _power);

                    protected override IEnumerable<double> get_lr() => CurrentTimes(Change);

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        BaseTimes(Math.Pow(1 - (Math.Min(_totalIterations, LastEpoch) / _totalIterations), _power));
                }
            }
        }
    }
}

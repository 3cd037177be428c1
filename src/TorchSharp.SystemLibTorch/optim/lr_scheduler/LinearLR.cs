namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static LRScheduler LinearLR(
                Optimizer optimizer, double start_factor = 1.0 / 3, double end_factor = 1.0, int total_iters = 5, int last_epoch = -1,
                bool verbose = false) =>
                new impl.LinearLR(optimizer, start_factor, end_factor, total_iters, last_epoch, verbose);

            public static partial class impl
            {
                public class LinearLR : LRScheduler
                {
                    private readonly double _start;
                    private readonly double _end;
                    private readonly int _totalIterations;

                    public LinearLR(
                        Optimizer optimizer, double start_factor = 1.0 / 3, double end_factor = 1.0, int total_iters = 5,
                        int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _start = start_factor;
                        _end = end_factor;
                        _totalIterations = total_iters;
                        step();
                    }

                    private double Change => LastEpoch switch
                    {
                        0 => _start,
                        _ when LastEpoch > _totalIterations => 1,
                        _ => 1 + ((_end - _start) / ((_totalIterations * _start) + ((LastEpoch - 1) * (_end - _start)))),
                    };

                    protected override IEnumerable<double> get_lr() => CurrentTimes(Change);

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        BaseTimes(_start + ((_end - _start) * Math.Min(_totalIterations, LastEpoch) / _totalIterations));
                }
            }
        }
    }
}

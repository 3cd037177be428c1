namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static LRScheduler ReduceLROnPlateau(
                Optimizer optimizer, string mode = "min", double factor = 0.1, int patience = 10, double threshold = 1e-4,
                string threshold_mode = "rel", int cooldown = 0, IList<double>? min_lr = null, double eps = 1e-8, bool verbose = false) =>
                new impl.ReduceLROnPlateau(
                    optimizer, mode, factor, patience, threshold, threshold_mode, cooldown, min_lr, eps, verbose);

            public static partial class impl
            {
                public class ReduceLROnPlateau : LRScheduler
                {
                    private readonly bool _smaller;
                    private readonly bool _relative;
                    private readonly double _factor;
                    private readonly double _threshold;
                    private readonly double _eps;
                    private readonly int _patience;
                    private readonly int _cooldown;
                    private readonly bool _verbose;
                    private readonly List<double> _floors;
                    private double _best;
                    private int _badEpochs;
                    private int _rest;

                    public ReduceLROnPlateau(
                        Optimizer optimizer, string mode = "min", double factor = 0.1, int patience = 10, double threshold = 1e-4,
                        string threshold_mode = "rel", int cooldown = 0, IList<double>? min_lr = null, double eps = 1e-8,
                        bool verbose = false)
                        : base(optimizer, -1, verbose)
                    {
                        if (factor >= 1.0) throw new ArgumentException("Factor should be < 1.0");
                        if (mode is not ("min" or "max")) throw new ArgumentException($"mode {mode} is unknown!");
                        if (threshold_mode is not ("rel" or "abs")) throw new ArgumentException($"threshold mode {threshold_mode} is unknown!");
                        _smaller = mode == "min";
                        _relative = threshold_mode == "rel";
                        _factor = factor;
                        _patience = patience;
                        _threshold = threshold;
                        _cooldown = cooldown;
                        _eps = eps;
                        _verbose = verbose;
                        _floors = min_lr is { Count: > 1 } ? [.. min_lr] : Groups.ConvertAll(_ => min_lr?.FirstOrDefault() ?? 0.0);
                        _best = _smaller ? double.PositiveInfinity : double.NegativeInfinity;
                    }

                    public override void step() => throw new InvalidOperationException(
                        "step() should not be used with the ReduceLROnPlateau scheduler. Use step(double, int?), instead.");

                    public override void step(int? epoch) => throw new InvalidOperationException(
                        "step(int?) should not be used with the ReduceLROnPlateau scheduler. Use step(double, int?), instead.");

                    public override void step(double current, int? epoch = null)
                    {
                        LastEpoch = epoch ?? LastEpoch + 1;
                        var better = IsBetter(current);
                        if (better) _best = current;
                        _badEpochs = better ? 0 : _badEpochs + 1;
                        if (_rest > 0)
                        {
                            _rest--;
                            _badEpochs = 0;
                        }

                        if (_badEpochs <= _patience) return;
                        Reduce();
                        _rest = _cooldown;
                        _badEpochs = 0;
                    }

                    private bool IsBetter(double current)
                    {
                        if (_smaller) return current < (_relative ? _best * (1 - _threshold) : _best - _threshold);
                        return current > (_relative ? _best * (_threshold + 1) : _best + _threshold);
                    }

                    private void Reduce()
                    {
                        for (var i = 0; i < Groups.Count; i++)
                        {
                            var old = Groups[i].LearningRate;
                            var reduced = Math.Max(old * _factor, _floors[i]);
                            if (old - reduced <= _eps) continue;
                            Groups[i].LearningRate = reduced;
                            if (_verbose) Console.WriteLine($"Epoch {LastEpoch}: reducing learning rate of group {i} to {reduced:g4}.");
                        }
                    }
                }
            }
        }
    }
}

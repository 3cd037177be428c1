using NsDropoutTorch.Data;
using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Training.Callbacks;
using NsDropoutTorch.Training.Checkpoints;
using NsDropoutTorch.Training.Metrics;
using NsDropoutTorch.Training.Optimizers;
using NsDropoutTorch.Training.Tests.Checkpoints;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

/// <summary>Training on a CUDA device: what holds on the host holds there.</summary>
public sealed class CudaTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Clippings => ["none", "norm", "value"];

    public static TheoryData<string> Optimizers => [.. Makers.Keys];

    private static Dictionary<string, (Func<IEnumerable<Parameter>, optim.Optimizer> Plain, Func<IEnumerable<Parameter>, optim.Optimizer> Fused)> Makers { get; } = new(StringComparer.Ordinal)
    {
        ["Adam"] = (p => optim.Adam(p, 0.01), p => optim.FusedAdam(p, 0.01)),
        ["Adam, AMSGrad"] = (p => optim.Adam(p, 0.01, amsgrad: true, weight_decay: 0.1), p => optim.FusedAdam(p, 0.01, amsgrad: true, weight_decay: 0.1)),
        ["AdamW"] = (p => optim.AdamW(p, 0.01, weight_decay: 0.1), p => optim.FusedAdamW(p, 0.01, weight_decay: 0.1)),
    };

    public void Dispose()
    {
        folder.Dispose();
        scope.Dispose();
    }

    [CudaTheory, MemberData(nameof(Clippings))]
    public void Fit_WithoutDraws_GivesTheLossesOfTheHost(string clipping)
    {
        var options = new TrainerOptions
        {
            Epochs = 5,
            BatchSize = 16,
            Averaging = new ExponentialAverage(0.9),
            Clipping = clipping switch { "norm" => new ClipByNorm(0.5), "value" => new ClipByValue(0.05), _ => null },
        };
        var (host, device) = (Losses(CPU), Losses(CUDA));
        Assert.All(host.Zip(device), pair => Assert.Equal(pair.First, pair.Second, 1e-4 * pair.First));

        double[] Losses(Device place)
        {
            using var model = Models.Mlp(nn.BatchNorm1d(16)).to(place);
            using var data = Models.Clouds(90, 1);
            using var validation = Models.Clouds(40, 2);
            return [.. Trainer.Fit(model, data, validation, options).History.SelectMany(record => new[] { record.TrainLoss, record.SelectionLoss!.Value })];
        }
    }

    [CudaTheory, MemberData(nameof(Optimizers))]
    public void FusedStep_AThousandTimes_IsThatOfTheBase(string name)
    {
        var (plain, fused) = (Run(Makers[name].Plain), Run(Makers[name].Fused));
        Assert.All(plain.Zip(fused), pair => Assert.Equal(pair.First, pair.Second, 1e-9 * Math.Max(1, Math.Abs(pair.First))));

        static double[] Run(Func<IEnumerable<Parameter>, optim.Optimizer> make)
        {
            manual_seed(1);
            Parameter[] parameters = [new(randn(7, 5, ScalarType.Float64).to(CUDA)), new(randn(9, ScalarType.Float64).to(CUDA))];
            using var optimizer = make(parameters);
            for (var i = 0; i < 1000; i++)
            {
                using var step = NewDisposeScope();
                foreach (var parameter in parameters) parameter.grad = (parameter.detach() - 1) + (0.1 * randn(parameter.shape, ScalarType.Float64).to(CUDA));
                optimizer.step();
            }

            return [.. parameters.SelectMany(parameter => parameter.cpu().data<double>().ToArray())];
        }
    }

    [CudaFact]
    public void FusedStep_IsNotWaitedFor()
    {
        Parameter[] parameters = [new(randn(7, 5, device: CUDA)), new(randn(9, device: CUDA))];
        foreach (var parameter in parameters) parameter.grad = ones_like(parameter);
        using var adam = optim.FusedAdam(parameters, weight_decay: 0.1);
        BusyDevice.AssertNotWaitedFor(() => adam.step());
    }

    /// <summary>Draws on the device follow from the state of the host's generator, which a checkpoint holds.</summary>
    [CudaTheory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(20)]
    public void Fit_LayersThatDraw_ResumesToTheSameBits(long iteration)
    {
        var options = Job.Options with { Penalties = [], ResumeFrom = folder.Root };
        var whole = Fitted(options);
        Assert.Equal(whole, Fitted(options));
        using (var stopped = Drawing())
        {
            Job.FitUntil(iteration, stopped, options, folder.Root);
        }

        cuda.manual_seed_all(99);
        manual_seed(99);

        Assert.Equal(whole, Fitted(options));

        static Outcome Fitted(TrainerOptions options)
        {
            using var model = Drawing();
            return Outcome.Of(model, Job.Fit(model, options));
        }
    }

    [CudaFact]
    public void Fit_SavedOnTheDevice_IsReadOnTheHost()
    {
        using var model = Drawing();
        var result = Job.Fit(model, Job.Options with { Penalties = [] }, [new ModelCheckpoint(folder.Root)]);
        using var onHost = Drawing().to(CPU);
        Checkpoint.LoadWeights(Path.Combine(folder.Root, "last.ckpt"), onHost);

        Assert.Equal(Weights(model), Weights(onHost));
        Assert.Equal(Job.Options.Epochs, result.History.Count);
    }

    /// <summary>What the trainer does beside the arithmetic reads nothing in a step: four steps are taken while the device multiplies matrices.</summary>
    [CudaFact]
    public void Fit_Steps_AreNotWaitedFor()
    {
        using var model = Models.Mlp(nn.NSDropout(16, 3, 0.25)).to(CUDA);
        using var onDevice = OnDevice(160);
        var busy = new BusySteps();
        var options = new TrainerOptions { Epochs = 3, BatchSize = 16, Clipping = new ClipByNorm(1), Averaging = new ExponentialAverage(0.9) };
        Trainer.Fit(model, onDevice, onDevice, options, [busy], onDevice);
        Assert.True(busy.Host < busy.Device / 2, $"the host went on after {busy.Host}, the device was through after {busy.Device}");
    }

    [CudaTheory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void Fit_LowPrecision_Learns(ScalarType precision)
    {
        using var model = Models.Mlp(nn.FastDropout(0.1)).to(CUDA);
        using var data = Models.Clouds(200, 1);
        var history = Trainer.Fit(model, data, null, new TrainerOptions { Epochs = 20, BatchSize = 20, Precision = precision, Optimizer = p => optim.FusedAdam(p, 0.01) }).History;
        Assert.InRange(history[^1].TrainLoss, 0, 0.7 * history[0].TrainLoss);
    }

    [CudaFact]
    public void Fit_GapMatchedRate_FindsARate()
    {
        using var model = Models.Mlp(nn.FastDropout(0.2)).to(CUDA);
        using var onDevice = OnDevice(400);
        var rate = new GapMatchedRate(onDevice);
        Trainer.Fit(model, new TrainingData(rate.Batches), new TrainerOptions { Epochs = 40, BatchSize = 20 }, [rate]);
        Assert.InRange(model.modules().OfType<FastDropout>().Single().p, 0.0001, 0.5);
    }

    [CudaFact]
    public void Predict_WithASeed_GivesTheSameBits()
    {
        using var model = Drawing();
        using var data = Models.Clouds(40, 2);
        var inputs = data.Inputs.to(CUDA);
        float[] Predicted()
        {
            using var prediction = MonteCarlo.Predict(model, inputs, 10, new() { Seed = 3 });
            return [.. prediction.Mean.cpu().data<float>()];
        }

        var first = Predicted();
        cuda.manual_seed_all(99);
        Assert.Equal(first, Predicted());
    }

    [CudaFact]
    public void Metrics_AreThoseOfTheHost()
    {
        using var data = Models.Clouds(200, 3);
        var (host, device) = (Measured(CPU), Measured(CUDA));
        Assert.All(host.Zip(device), pair => Assert.Equal(pair.First, pair.Second, 1e-5));

        double[] Measured(Device place)
        {
            using var model = Models.Mlp().to(place);
            IScalarMetric[] metrics = [new F1Score(3), new CalibrationError()];
            Trainer.Evaluate(model, data, metrics);
            return [.. metrics.Select(metric => metric.Value)];
        }
    }

    // Dropout of TorchSharp, layers of ours with and without a generator of their own, and masks that follow the labels.
    private static Sequential Drawing()
    {
        manual_seed(7);
        return nn.Sequential(
            ("hidden", nn.Linear(4, 16)), ("dropout", nn.Dropout(0.2)), ("fast", nn.FastDropout(0.2)), ("gauss", new GaussianDropout(0.2) { generator = new Generator(2) }),
            ("concrete", nn.ConcreteDropout(16)), ("free", nn.NSDropout(16, 3, 0.25, NSDropoutOptions.LabelFree)), ("output", nn.Linear(16, 3))).to(CUDA);
    }

    private static TensorData OnDevice(int count)
    {
        using var data = Models.Clouds(count, 1);
        return new(data.Inputs.to(CUDA), data.Labels.to(CUDA));
    }

    private static float[] Weights(nn.Module model) => [.. model.parameters().SelectMany(parameter => parameter.cpu().data<float>().ToArray())];

    /// <summary>Makes the device busy before some steps of the last epoch, and takes the time of host and device.</summary>
    private sealed class BusySteps : Callback
    {
        private readonly System.Diagnostics.Stopwatch clock = new();
        private Tensor? matrix;

        public TimeSpan Host { get; private set; }

        public TimeSpan Device { get; private set; }

        public override void OnStepEnd(FitContext context)
        {
            if (context.Epoch < 2) return;
            var step = context.Iteration % context.StepsPerEpoch;
            if (step == 3)
            {
                using var noGradients = no_grad();
                matrix = ones(8192, 8192, device: CUDA).DetachFromDisposeScope();
                matrix.mm(matrix).Dispose();
                cuda.synchronize();
                clock.Start();
                for (var i = 0; i < 40; i++) matrix.mm(matrix).Dispose();
            }
            else if (step == 7)
            {
                Host = clock.Elapsed;
                cuda.synchronize();
                Device = clock.Elapsed;
                matrix!.Dispose();
            }
        }
    }
}

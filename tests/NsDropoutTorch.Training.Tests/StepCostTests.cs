using NsDropoutTorch.Data;
using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Tests.Support;
using NsDropoutTorch.Training.Optimizers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

/// <summary>
/// What the trainer adds to a step, in counts that no busy machine disturbs: beside the same step written by hand, since most of what a step makes and allocates is TorchSharp's
/// own (its Adam takes 7 KB for ten parameters).
/// </summary>
public sealed class StepCostTests
{
    private const int Steps = 800;
    private const int BatchSize = 32;

    [Theory]
    [InlineData("none")]
    [InlineData("FastDropout")]
    [InlineData("NSDropout")]
    public void Fit_ASteadyStepByAutograd_MakesOneTensorLessThanByHand(string layer)
    {
        var (byTrainer, byHand) = (new StepLog(), new StepLog());
        Run(layer, (model, data) =>
        {
            model.register_forward_pre_hook(_ => { });
            Trainer.Fit(model, new TrainingData(data, data, null), Options, [new Watcher(byTrainer)]);
        });
        Run(layer, (model, data) => FitByHand(model, data, byHand));

        // One more is the loss without its graph, which callbacks see; two fewer, since errors are counted where logits lie.
        Assert.Equal(byHand.Tensors - 1, byTrainer.Tensors);
        Assert.InRange(byTrainer.Bytes - byHand.Bytes, -2048, 2048);
    }

    // Gradients that are written out are tensors of this program: the outputs' and a copy of these, three for each linear layer, and that of its input for all but the first;
    // and for dropout its product. Those of ReLUs are saved, which work in place, and that of the place without a layer.
    [Theory]
    [InlineData("none", 2 + (3 * 4) + 3 - 3 - 1)]
    [InlineData("FastDropout", 2 + (3 * 4) + 3 + 1 - 3 - 1)]
    [InlineData("NSDropout", 2 + (3 * 4) + 3 + 1 - 3 - 1)]
    public void Fit_ASteadyStepOfAChain_MakesTensorsForItsGradients_AndLessThan4KiB(string layer, long more)
    {
        var (byTrainer, byHand) = (new StepLog(), new StepLog());
        Run(layer, (model, data) => Trainer.Fit(model, new TrainingData(data, data, null), Options, [new Watcher(byTrainer)]));
        Run(layer, (model, data) => FitByHand(model, data, byHand));

        Assert.Equal(byHand.Tensors - 1 + more, byTrainer.Tensors);
        Assert.InRange(byTrainer.Bytes, 0, 4096);
    }

    [Fact]
    public void Fit_OfMoreSamplesInAStep_MakesAsManyTensors() => Assert.Equal(TensorsOf(batchSize: 16), TensorsOf(batchSize: 512));

    private static TrainerOptions Options => new() { Epochs = 2, BatchSize = BatchSize };

    private static long TensorsOf(int batchSize)
    {
        var log = new StepLog();
        using var data = Data(batchSize * 20);
        using var model = Model("NSDropout");
        Trainer.Fit(model, new TrainingData(data, data, null), Options with { BatchSize = batchSize }, [new Watcher(log)]);
        return log.Tensors;
    }

    private static void Run(string layer, Action<nn.Module<Tensor, Tensor>, TensorData> fit)
    {
        Seeding.Seed(0);
        using var data = Data(BatchSize * Steps / 2);
        using var model = Model(layer);
        fit(model, data);
    }

    private static TensorData Data(int count)
    {
        using var scope = NewDisposeScope();
        return new(rand(count, 20), arange((long)count).remainder(4));
    }

    private static Sequential Model(string layer) => nn.Sequential(
        nn.Linear(20, 16), nn.ReLU(), layer switch { "NSDropout" => nn.NSDropout(16, 4, 0.2), "FastDropout" => nn.FastDropout(0.2), _ => nn.Identity() },
        nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 10));

    private static void FitByHand(nn.Module<Tensor, Tensor> model, TensorData data, StepLog log)
    {
        using var scope = NewDisposeScope();
        Parameter[] parameters = [.. model.parameters()];
        using var optimizer = optim.FusedAdam(parameters);
        var (loss, errors) = (zeros([], ScalarType.Float64), zeros([], ScalarType.Float64));
        for (var step = 0; step < Steps; step++)
        {
            if (step == Steps / 2) Capture(model, data);
            StepByHand(model, data, optimizer, parameters, (loss, errors), step % (Steps / 2) * BatchSize);
            log.Add();
        }
    }

    private static void StepByHand(nn.Module<Tensor, Tensor> model, TensorData data, optim.Optimizer optimizer, Parameter[] parameters, (Tensor Loss, Tensor Errors) sums, long start)
    {
        using var scope = NewDisposeScope();
        var rows = arange(start, start + BatchSize);
        var (inputs, labels) = (data.Inputs.index_select(0, rows), data.Labels.index_select(0, rows));
        using var batch = LabelScope.Use(labels);
        Array.ForEach(parameters, parameter => parameter.grad = null);
        var outputs = model.call(inputs);
        var loss = nn.functional.cross_entropy(outputs, labels);
        loss.backward();
        optimizer.step();
        using var noGradients = no_grad();
        sums.Loss.add_(loss, alpha: labels.size(0));
        sums.Errors.add_(outputs.argmax(1).ne(labels).sum());
    }

    private static void Capture(nn.Module<Tensor, Tensor> model, TensorData data)
    {
        if (!ValidationCapture.IsNeededBy(model)) return;
        model.eval();
        using (no_grad())
        using (var capture = ValidationCapture.Begin(model))
        using (LabelScope.Use(data.Labels))
        {
            model.call(data.Inputs).Dispose();
            capture.Complete();
        }

        model.train();
    }

    /// <summary>Medians of the last quarter of the steps: the runtime has compiled the code for good by then.</summary>
    private sealed class StepLog
    {
        private readonly List<(long Tensors, long Bytes)> steps = new(2 * Steps);
        private (long Tensors, long Bytes) before;

        public long Tensors => Median(step => step.Tensors);

        public long Bytes => Median(step => step.Bytes);

        public void Add()
        {
            var now = (TensorsMade.Count, GC.GetAllocatedBytesForCurrentThread());
            steps.Add((now.Item1 - before.Tensors, now.Item2 - before.Bytes));
            before = (TensorsMade.Count, GC.GetAllocatedBytesForCurrentThread());
        }

        private long Median(Func<(long Tensors, long Bytes), long> of) => steps.TakeLast(steps.Count / 4).Select(of).Order().ElementAt(steps.Count / 8);
    }

    private sealed class Watcher(StepLog log) : Callback
    {
        public override void OnStepEnd(FitContext context) => log.Add();
    }
}

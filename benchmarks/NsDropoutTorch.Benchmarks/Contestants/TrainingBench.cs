using NsDropoutTorch.Data;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Callbacks;
using NsDropoutTorch.Training.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Benchmarks.Contestants;

/// <summary>
/// Epochs of a network, by itself an MLP pixels–128–128–128–10, with Adam, by the trainer and by the loop one would write by hand with the same TorchSharp calls,
/// loss and error counted on the device of the data in both, and a validation pass at the end of each epoch. The model goes on learning, with a new optimizer in each epoch, so no averages of earlier epochs fade in it.
/// </summary>
internal sealed class TrainingBench : IDisposable
{
    private readonly TensorData _train, _validation;
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly int _batchSize;

    public TrainingBench(TensorData train, TensorData validation, int batchSize, nn.Module<Tensor, Tensor> layer)
        : this(train, validation, batchSize, pixels => Mlp.Of(pixels, layer))
    {
    }

    public TrainingBench(TensorData train, TensorData validation, int batchSize, Func<long, nn.Module<Tensor, Tensor>> network)
    {
        Seeding.Seed(0);
        (_train, _validation, _batchSize) = (train, validation, batchSize);
        _model = network(train.Inputs.shape[1]).to(Device);
        // A layer that learns from validation activations is timed as it works from the second epoch on.
        using var errors = Count();
        Validate(errors);
    }

    private Device Device => _train.Inputs.device;

    public void ByTrainer(params Callback[] callbacks) => ByTrainer(new TrainerOptions { Epochs = 1, BatchSize = _batchSize }, callbacks);

    public void ByTrainerWithProgress() => ByTrainer(Progress());

    public void ByTrainerWithFusedAdam() =>
        ByTrainer(new TrainerOptions { Epochs = 1, BatchSize = _batchSize, Optimizer = parameters => optim.FusedAdam(parameters) }, Progress());

    /// <summary>By the trainer, which would take one thread for a network this small.</summary>
    public void ByTrainerWithThreads(int threads) => ByTrainer(new TrainerOptions { Epochs = 1, BatchSize = _batchSize, Threads = threads }, Progress());

    public void ByHand()
    {
        using var epoch = NewDisposeScope();
        using var optimizer = optim.Adam(_model.parameters());
        var order = randperm(_train.Count, device: Device);
        var (loss, errors) = (Count(), Count());
        _model.train();
        for (long start = 0; start < _train.Count; start += _batchSize)
        {
            using var step = NewDisposeScope();
            var rows = order.narrow(0, start, Math.Min(_batchSize, _train.Count - start));
            var (inputs, labels) = (_train.Inputs.index_select(0, rows), _train.Labels.index_select(0, rows));
            using var scope = LabelScope.Use(labels);
            optimizer.zero_grad();
            var outputs = _model.call(inputs);
            var batchLoss = nn.functional.cross_entropy(outputs, labels);
            batchLoss.backward();
            optimizer.step();
            using var noGradients = no_grad();
            loss.add_(batchLoss, alpha: rows.size(0));
            errors.add_(outputs.argmax(1).ne(labels).sum());
        }

        Validate(errors);
        _ = (loss.item<double>(), errors.item<double>());
    }

    public void Dispose() => _model.Dispose();

    private Tensor Count() => zeros([], ScalarType.Float64, Device);

    private static ProgressBar Progress() => new(TextWriter.Null, () => 100);

    private void ByTrainer(TrainerOptions options, params Callback[] callbacks) => Trainer.Fit(_model, new TrainingData(_train, _validation, _validation), options, callbacks);

    // As the trainer does, with the statistics of layers that ask for them in the same pass.
    private void Validate(Tensor errors)
    {
        _model.eval();
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var capture = ValidationCapture.IsNeededBy(_model) ? ValidationCapture.Begin(_model) : null;
        using var labels = LabelScope.Use(_validation.Labels);
        var outputs = _model.call(_validation.Inputs);
        errors.add_(nn.functional.cross_entropy(outputs, _validation.Labels)).add_(outputs.argmax(1).ne(_validation.Labels).sum());
        capture?.Complete();
    }
}

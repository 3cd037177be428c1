using NsDropoutTorch.Data;
using NsDropoutTorch.Training.Checkpoints;
using NsDropoutTorch.Training.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training;

/// <summary>
/// Trains, evaluates and applies any TorchSharp model from tensors to tensors. It opens a <see cref="LabelScope"/> around every batch and
/// feeds validation activations to models that ask for them, adds the terms of modules that bring one to the loss, and knows no layer by name.
/// Same seed, machine and thread count (<see cref="TrainerOptions.Threads"/>) give the same bits, also when a run is resumed (<see cref="TrainerOptions.ResumeFrom"/>); seed torch itself first (<see cref="Seeding"/>).
/// Fitting applies <see cref="NativeDefaults"/>.
/// </summary>
public static class Trainer
{
    /// <summary>Fits <paramref name="model"/> to <paramref name="train"/>; <paramref name="validation"/> scores each epoch, and nothing of it reaches the weights.</summary>
    /// <param name="model">Maps inputs <c>[n,…]</c> to outputs.</param>
    /// <param name="train">What the weights are fitted to: tensors on the model's device or on the host, or any <see cref="BatchSource"/>.</param>
    /// <param name="validation">Scores each epoch, likewise; null: none.</param>
    /// <param name="options">How to train.</param>
    /// <param name="callbacks">Watch the run, called in this order; null: none.</param>
    /// <param name="maskStatistics">
    /// What layers that learn from validation activations (NSDropout is one) are shown after each epoch; its labels choose masks. Take it off the training part:
    /// <c>var (fit, statistics) = train.Split(0.2)</c>. Null: none, for models without such layers.
    /// </param>
    /// <param name="cancellationToken">Ends the run after the current step.</param>
    /// <exception cref="ArgumentException">As for the other form.</exception>
    /// <exception cref="CheckpointException">The checkpoint to resume from is not there, is damaged, or belongs to a run with other settings.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; callbacks have seen its end, and the message says how to go on.</exception>
    public static FitResult Fit(
        nn.Module<Tensor, Tensor> model,
        BatchSource train,
        BatchSource? validation,
        TrainerOptions options,
        IReadOnlyList<Callback>? callbacks = null,
        TensorData? maskStatistics = null,
        CancellationToken cancellationToken = default) =>
        Fit(model, new TrainingData(train, maskStatistics, validation), options, callbacks, cancellationToken);

    /// <summary>
    /// Fits <paramref name="model"/> to <c>data.Fit</c> in place and returns the history. A model in training mode keeps the modes of its modules, before and after every evaluation:
    /// what was frozen by <c>eval()</c> stays frozen. A model in evaluation mode is put into training mode as a whole. It is left in the modes it was trained in.
    /// </summary>
    /// <param name="model">Maps inputs <c>[n,…]</c> to outputs.</param>
    /// <param name="data">The parts, on the model's device or on the host.</param>
    /// <param name="options">How to train.</param>
    /// <param name="callbacks">Watch the run, called in this order; null: none.</param>
    /// <param name="cancellationToken">Ends the run after the current step.</param>
    /// <exception cref="ArgumentException">
    /// A part is empty or of unequal counts, a penalty names no layer, the model needs a part for mask statistics and has none, a sequence of batches breaks its rules, a piece of one sample
    /// would give a batch normalisation one value per channel, or two callbacks remember under one <see cref="IStateful.Key"/>.
    /// </exception>
    /// <exception cref="CheckpointException">The checkpoint to resume from is not there, is damaged, or belongs to a run with other settings.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; callbacks have seen its end, and the message says how to go on.</exception>
    public static FitResult Fit(
        nn.Module<Tensor, Tensor> model,
        TrainingData data,
        TrainerOptions options,
        IReadOnlyList<Callback>? callbacks = null,
        CancellationToken cancellationToken = default)
    {
        NativeDefaults.Apply();
        return Fit(TrainingTasks.Supervised(model, data, options), options, callbacks, cancellationToken);
    }

    /// <summary>
    /// Fits a model by a step of one's own, for models with several inputs, outputs or losses: <paramref name="step"/> takes a batch through the model and gives the mean loss;
    /// everything else (clipping, schedules, callbacks, checkpoints, resuming) is as in the other forms.
    /// </summary>
    /// <param name="model">Any module; if it consists of several, one that holds them all.</param>
    /// <param name="train">Batches of any type, <see cref="BatchSource.FromTensors"/> for instance.</param>
    /// <param name="step">
    /// From a batch to its loss, by itself or with other numbers (<see cref="StepResult"/>). It is also called to validate, with the model in evaluation mode and without gradients.
    /// Where layers read labels it opens the <see cref="LabelScope"/> itself.
    /// </param>
    /// <param name="options">How to train; its <see cref="TrainerOptions.Objective"/> is not used.</param>
    /// <param name="validation">Scores each epoch; null: none.</param>
    /// <param name="callbacks">Watch the run, called in this order; null: none.</param>
    /// <param name="maskStatistics">What layers that learn from validation activations are shown after each epoch; null: none.</param>
    /// <param name="cancellationToken">Ends the run after the current step.</param>
    /// <typeparam name="TBatch">A batch.</typeparam>
    /// <exception cref="ArgumentException">A part is empty, a penalty names no layer, an option has no meaning for such a step, or the model needs mask statistics and has none.</exception>
    /// <exception cref="CheckpointException">The checkpoint to resume from is not there, is damaged, or belongs to a run with other settings.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; callbacks have seen its end, and the message says how to go on.</exception>
    public static FitResult Fit<TBatch>(
        nn.Module model,
        BatchSource<TBatch> train,
        Func<TBatch, StepResult> step,
        TrainerOptions options,
        BatchSource<TBatch>? validation = null,
        IReadOnlyList<Callback>? callbacks = null,
        BatchSource<TBatch>? maskStatistics = null,
        CancellationToken cancellationToken = default)
    {
        NativeDefaults.Apply();
        return Fit(TrainingTasks.Own(model, train, step, validation, maskStatistics, options), options, callbacks, cancellationToken);
    }

    /// <summary>Loss and error of <paramref name="model"/> in evaluation mode on <paramref name="data"/>, in pieces of bounded memory; each module's mode is put back.</summary>
    /// <param name="model">Maps inputs <c>[n,…]</c> to outputs.</param>
    /// <param name="data">Inputs and labels, on the model's device or on the host.</param>
    /// <param name="objective">What is counted; null: <see cref="Objective.Classification"/>.</param>
    /// <param name="pieceBytes">Bytes of inputs fed at once.</param>
    /// <exception cref="ArgumentException">There is no sample.</exception>
    public static Evaluation Evaluate(
        nn.Module<Tensor, Tensor> model,
        TensorData data,
        Objective? objective = null,
        long pieceBytes = TrainerOptions.DefaultPieceBytes)
    {
        TrainingDataCheck.CheckMeasurable(data);
        objective ??= Objective.Classification;
        using var scope = torch.NewDisposeScope();
        using var meter = new EpochMeter(Devices.Of(model) ?? data.Inputs.device, []);
        EvaluationLoop.Run(model, data, pieceBytes, (outputs, labels) => meter.Add(objective.Measure(outputs, labels)));
        var totals = meter.Read();
        return new(totals.Loss, totals.Error, totals.Samples);
    }

    /// <summary>Outputs of <paramref name="model"/> in evaluation mode for <paramref name="inputs"/>, with no labels in scope.</summary>
    /// <param name="model">Maps inputs <c>[n,…]</c> to outputs.</param>
    /// <param name="inputs">Inputs <c>[N,…]</c>, on the model's device or on the host.</param>
    /// <param name="pieceBytes">Bytes of inputs fed at once.</param>
    /// <returns>Outputs <c>[N,…]</c> on the model's device, also for N = 0; the caller's to dispose.</returns>
    /// <exception cref="ArgumentException">There are no inputs, and the model cannot map an empty batch.</exception>
    public static Tensor Predict(nn.Module<Tensor, Tensor> model, Tensor inputs, long pieceBytes = TrainerOptions.DefaultPieceBytes)
    {
        using var scope = torch.NewDisposeScope();
        var outputs = new List<Tensor>();
        EvaluationLoop.Run(model, inputs, pieceBytes, (piece, _) =>
        {
            var output = model.call(piece).MoveToOuterDisposeScope();
            ProgramEvents.Outputs(model, output);
            outputs.Add(output);
        });
        return torch.cat(outputs).MoveToOuterDisposeScope();
    }

    /// <summary>Outputs of <paramref name="model"/> in evaluation mode with the labels of <paramref name="data"/> in scope.</summary>
    /// <param name="model">Maps inputs <c>[n,…]</c> to outputs.</param>
    /// <param name="data">Inputs <c>[N,…]</c> and the labels that layers may read, on the model's device or on the host.</param>
    /// <param name="pieceBytes">Bytes of inputs fed at once.</param>
    /// <returns>Outputs <c>[N,…]</c> on the model's device, also for N = 0; the caller's to dispose.</returns>
    /// <exception cref="ArgumentException">There are no inputs, and the model cannot map an empty batch.</exception>
    public static Tensor Predict(nn.Module<Tensor, Tensor> model, TensorData data, long pieceBytes = TrainerOptions.DefaultPieceBytes)
    {
        using var scope = torch.NewDisposeScope();
        var outputs = new List<Tensor>();
        EvaluationLoop.Run(model, data, pieceBytes, (output, _) => outputs.Add(output.MoveToOuterDisposeScope()));
        return torch.cat(outputs).MoveToOuterDisposeScope();
    }

    /// <summary>Measures <paramref name="model"/> in evaluation mode on <paramref name="data"/>, in pieces of bounded memory; each module's mode is put back. The results are in the metrics.</summary>
    /// <param name="model">Maps inputs <c>[n,…]</c> to outputs.</param>
    /// <param name="data">Inputs and labels, on the model's device or on the host.</param>
    /// <param name="metrics">What to measure.</param>
    /// <param name="pieceBytes">Bytes of inputs fed at once, at least 1.</param>
    /// <exception cref="ArgumentException">There is no sample.</exception>
    public static void Evaluate(
        nn.Module<Tensor, Tensor> model,
        TensorData data,
        IReadOnlyList<IMetric> metrics,
        long pieceBytes = TrainerOptions.DefaultPieceBytes)
    {
        TrainingDataCheck.CheckMeasurable(data);
        Run(metrics, Devices.Of(model) ?? data.Inputs.device, add => EvaluationLoop.Run(model, data, pieceBytes, add));
    }

    /// <summary>Measures <paramref name="model"/> in evaluation mode on the batches of a loader or any other sequence; each module's mode is put back. The results are in the metrics.</summary>
    /// <param name="model">Maps inputs <c>[n,…]</c> to outputs.</param>
    /// <param name="batches">Inputs <c>[n,…]</c> and labels <c>[n]</c>, of at least one sample each; tensors made while it is walked are freed one batch after the other.</param>
    /// <param name="metrics">What to measure.</param>
    /// <exception cref="ArgumentException">A batch is empty or of unequal counts, or there is none.</exception>
    public static void Evaluate(
        nn.Module<Tensor, Tensor> model, IEnumerable<(Tensor Inputs, Tensor Labels)> batches, IReadOnlyList<IMetric> metrics) =>
        Run(metrics, Devices.Of(model) ?? torch.CPU, add => EvaluationLoop.Run(model, batches, add));

    /// <summary>The history of the run that wrote a checkpoint, up to its moment.</summary>
    /// <param name="checkpoint">The checkpoint file.</param>
    /// <exception cref="CheckpointException">The file is not there, is no checkpoint of a run, or is damaged.</exception>
    public static IReadOnlyList<EpochRecord> ReadHistory(string checkpoint)
    {
        using var archive = CheckpointFile.Open(checkpoint);
        return RunPosition.Read(archive, checkpoint).History;
    }

    private static FitResult Fit<TBatch>(TrainingTask<TBatch> task, TrainerOptions options, IReadOnlyList<Callback>? callbacks, CancellationToken cancellationToken)
    {
        using var run = new TrainingRun<TBatch>(task, options, [.. callbacks ?? []], cancellationToken);
        return run.Run();
    }

    private static void Run(IReadOnlyList<IMetric> metrics, Device device, Action<Action<Tensor, Tensor>> feed)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        foreach (var metric in metrics)
        {
            metric.Begin(device);
        }

        feed((outputs, labels) =>
        {
            foreach (var metric in metrics)
            {
                metric.Add(outputs, labels);
            }
        });
        foreach (var metric in metrics)
        {
            metric.End();
        }
    }
}

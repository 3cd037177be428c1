using System.Globalization;
using NsDropoutTorch.Benchmarks.Contestants;
using NsDropoutTorch.Dropouts;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Benchmarks.Suites;

/// <summary>On a CUDA device: the training loops of <see cref="LoopSuite"/>, training with layers against training without, and the layers themselves against Dropout. No rows where there is no device.</summary>
/// <param name="device">The device; null: the first of CUDA where there is one.</param>
internal sealed class DeviceSuite(Device? device = null) : ISuite
{
    private const string Trainer = "trainer";
    private const string PyTorchLoop = "PyTorch eager with Adam";
    private const string PyTorchFused = "PyTorch eager with Adam(fused=True)";

    private static readonly (string Name, Func<long, nn.Module<Tensor, Tensor>> Create)[] Layers =
    [
        ("Dropout", _ => nn.Dropout(0.2)),
        ("FastDropout", _ => nn.FastDropout(0.2)),
        ("NSDropout", width => nn.NSDropout(width, 10, 0.2)),
        ("label-free NSDropout", width => nn.NSDropout(width, 10, 0.2, NSDropoutOptions.LabelFree)),
    ];

    public string Title => $"On a CUDA device, with {Digits.Name} there, speed relative to";

    public IEnumerable<Row> Run(Effort effort)
    {
        if (device is null && !cuda.is_available())
        {
            effort.Say("There are no rows about a device, because there is none.");
            return [];
        }

        var where = device ?? CUDA;
        return Training(effort, where).Concat(Forms(effort, where));
    }

    private static IEnumerable<Row> Training(Effort effort, Device device)
    {
        using var train = Digits.Train(effort.Samples, device);
        using var validation = Digits.Validation(device);
        var isFusedKnown = device.type == DeviceType.CUDA; // PyTorch of before 2.4 has it nowhere else.
        using var pytorch = PyTorch.Start(train, get_num_threads(), nativeDefaults: true, PyTorch.Pythons, effort.Say);
        foreach (var batchSize in new[] { 128, 1024 })
        {
            using var none = new TrainingBench(train, validation, batchSize, nn.Identity());
            var contest = new Contest(effort with { Rounds = effort.Epochs }, $"training on a device, batch {batchSize}")
                .Add(Trainer, none.ByTrainerWithFusedAdam).Add(LoopSuite.TorchSharpLoop, none.ByHand);
            if (pytorch is not null) contest.Add(PyTorchLoop, () => pytorch.Train(batchSize, validation: validation.Count));
            if (pytorch is not null && isFusedKnown) contest.Add(PyTorchFused, () => pytorch.Train(batchSize, fused: true, validation: validation.Count));
            var benches = Layers.ToDictionary(layer => layer.Name, layer => new TrainingBench(train, validation, batchSize, layer.Create(128)), StringComparer.Ordinal);
            foreach (var (name, bench) in benches) contest.Add(name, bench.ByTrainerWithFusedAdam);
            var speeds = contest.RunOnce().ToDictionary(time => time.Key, time => train.Count / time.Value * 1e6, StringComparer.Ordinal);
            foreach (var bench in benches.Values) bench.Dispose();

            yield return Row(Trainer, LoopSuite.TorchSharpLoop);
            foreach (var loop in new[] { PyTorchLoop, PyTorchFused }.Where(speeds.ContainsKey)) yield return Row(Trainer, loop);
            foreach (var name in benches.Keys) yield return Row(name, Trainer) with { Reference = "the trainer without a layer" };

            Row Row(string subject, string reference) => LoopSuite.Compare(speeds, subject, reference, batchSize, get_num_threads());
        }
    }

    // Forward and backward, waited for.
    private static IEnumerable<Row> Forms(Effort effort, Device device)
    {
        foreach (var (rows, width) in new[] { (32L, 128L), (256L, 1024L), (8000L, 128L), (4096L, 4096L) })
        {
            using var scope = NewDisposeScope();
            var (input, gradient) = (rand(rows, width, device: device, requires_grad: true), ones(rows, width, device: device));
            var labels = arange(rows, device: device).remainder(10);
            var contest = new Contest(effort, $"layers on a device, [{rows}, {width}]");
            var layers = Layers.ToDictionary(layer => layer.Name, layer => Prepared(layer.Create(width), width, device), StringComparer.Ordinal);
            foreach (var (name, layer) in layers) contest.Add(name, () => Step(layer, input, labels, gradient));
            var times = contest.Run();
            foreach (var layer in layers.Values) layer.Dispose();
            foreach (var name in layers.Keys.Skip(1))
                yield return new($"{name} [{rows}, {width}]", times["Dropout"] / times[name], "Dropout", get_num_threads(), string.Create(CultureInfo.InvariantCulture, $"{times[name]:N0} to {times["Dropout"]:N0} µs"));
        }
    }

    private static nn.Module<Tensor, Tensor> Prepared(nn.Module<Tensor, Tensor> layer, long width, Device device)
    {
        using var scope = NewDisposeScope();
        layer.to(device).train();
        if (layer is NSDropout masked) masked.CacheValidation(rand(600, width, device: device), arange(600, device: device).remainder(10));
        return layer;
    }

    private static void Step(nn.Module<Tensor, Tensor> layer, Tensor input, Tensor labels, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        using var batch = LabelScope.Use(labels);
        _ = autograd.grad([layer.call(input)], [input], [gradient]);
        if (input.device.type == DeviceType.CUDA) cuda.synchronize(input.device);
    }
}

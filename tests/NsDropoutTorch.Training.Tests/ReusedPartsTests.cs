using NsDropoutTorch.Training.Tests.Checkpoints;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using NsDropoutTorch.Data;
using NsDropoutTorch.Training.Callbacks;
using NsDropoutTorch.Training.Checkpoints;
using NsDropoutTorch.Training.TensorBoard;
using NsDropoutTorch.Training.Tests.TensorBoard;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

/// <summary>
/// Every callback, schedule and clipping of the library that has seen other runs gives a run what a fresh one gives it. They are found and made by reflection,
/// so a new one is held to it by itself.
/// </summary>
public sealed partial class ReusedPartsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<IDisposable> made = [];

    public static TheoryData<Type, bool> Parts
    {
        get
        {
            Type[] kinds = [typeof(Callback), typeof(LearningRateSchedule), typeof(GradientClipping)];
            var types = typeof(Trainer).Assembly.GetExportedTypes().Where(type => !type.IsAbstract && kinds.Any(type.IsSubclassOf)).ToArray();
            Assert.True(types.Length > 15);
            var data = new TheoryData<Type, bool>();
            Array.ForEach(types, type => data.Add(type, false));
            Array.ForEach(types, type => data.Add(type, true));
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void Fit_WithAPartThatHasSeenOtherRuns_GivesWhatAFreshOneGives(Type type, bool hasOptions)
    {
        using var easy = Models.Clouds(64, 1);
        using var hopeless = new TensorData(randn(64, 4), randint(3, [64], dtype: ScalarType.Int64));
        using var broken = new TensorData(full([64, 4], double.NaN), zeros([64], dtype: ScalarType.Int64));
        using var used = new StringWriter();
        var part = Make(type, hasOptions, used);
        Describe(part, easy, used);
        Describe(part, broken, used);
        using var written = new StringWriter();

        var expected = Describe(Make(type, hasOptions, written), hopeless, written);

        Assert.Equal(expected, Describe(part, hopeless, used));
    }

    public void Dispose()
    {
        made.ForEach(part => part.Dispose());
        folder.Dispose();
    }

    [GeneratedRegex("\"seconds\":[^,}]*|(?<=^[0-9][^{}]*,)[^,]*$", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Seconds { get; }

    private object Make(Type type, bool hasOptions, TextWriter writer)
    {
        var constructor = type.GetConstructors().MaxBy(candidate => candidate.GetParameters().Length)!;
        var part = constructor.Invoke([.. constructor.GetParameters().Select(parameter => Value(parameter.ParameterType, parameter.Name!, writer))]);
        foreach (var option in type.GetProperties().Where(property => hasOptions && property.SetMethod is { IsPublic: true }))
        {
            option.SetValue(part, Value(option.PropertyType, option.Name, writer));
        }

        if (part is IDisposable disposable)
        {
            made.Add(disposable);
        }

        return part;
    }

    private object Value(Type type, string name, TextWriter writer) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(string) => name is "path" or "folder" ? Path.Combine(folder.Root, name) : name,
        var t when t == typeof(bool) => true,
        var t when t == typeof(int) => 2,
        var t when t == typeof(long) => 2L,
        var t when t == typeof(double) => 0.5,
        var t when t == typeof(TimeSpan) => TimeSpan.FromSeconds(30),
        var t when t == typeof(IReadOnlyList<double>) => new[] { 0.3, 0.5, 0.7 },
        var t when t == typeof(Action<string>) => (Action<string>)writer.WriteLine,
        var t when t == typeof(TimeProvider) => new Clock(),
        var t when t == typeof(IReadOnlyDictionary<string, object>) => new Dictionary<string, object> { [name] = 2 },
        var t when t == typeof(Action<EventWriter, FitContext>) => (Action<EventWriter, FitContext>)((events, context) => events.Scalar(name, context.Epoch, context.Iteration)),
        var t when t == typeof(Func<int>) => (Func<int>)(() => 80),
        var t when t == typeof(TextWriter) => writer,
        var t when t == typeof(MonitoredMetric) => MonitoredMetric.SelectionLoss,
        var t when t == typeof(IReadOnlyCollection<string>) => (string[])["layer"],
        var t when t == typeof(DropRateSchedule) => new LinearDropRate(20),
        var t when t == typeof(TensorData) => Clouds(),
        var t when t == typeof(LearningRateSchedule) => new StepDecay(2, 0.5),
        var t => throw new NotSupportedException($"this test must know a value for {t} {name}; add one above."),
    };

    private TensorData Clouds()
    {
        var data = Models.Clouds(64, 1);
        made.Add(data);
        return data;
    }

    /// <summary>Trains with the part and tells all there is to see afterwards, but for the times.</summary>
    private string Describe(object part, TensorData data, StringWriter writer)
    {
        Directory.Delete(folder.Root, recursive: true);
        Directory.CreateDirectory(folder.Root);
        writer.GetStringBuilder().Clear();
        using var model = Models.Mlp(part is ScheduledDropRates or GapMatchedRate ? nn.Dropout(0.4) : null);
        var options = new TrainerOptions
        {
            Epochs = 12,
            BatchSize = 16,
            Optimizer = parameters => optim.SGD(parameters, 0.5),
            Schedule = part as LearningRateSchedule,
            Clipping = part as GradientClipping,
        };
        var result = part is GapMatchedRate rate
            ? Trainer.Fit(model, new TrainingData(rate.Batches, Selection: data), options, [rate])
            : Trainer.Fit(model, data, data, options, part is Callback callback ? [callback] : []);
        var text = new StringBuilder($"{Outcome.Of(model, result)}\n{Seconds.Replace(writer.ToString(), "")}\n");
        foreach (var property in part.GetType().GetProperties().Where(property => property.Name is not nameof(IStateful.StateTensors)))
        {
            text.Append(CultureInfo.InvariantCulture, $"{property.Name} {property.GetValue(part)}\n");
        }

        Tell(part as IStateful, text);
        foreach (var file in Directory.EnumerateFiles(folder.Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            // The names of event files count the files of the process.
            text.Append(IsOfEvents(file) ? EventsOf(file) : $"{file} {Contents(file)}\n");
        }

        return text.ToString();
    }

    private static void Tell(IStateful? part, StringBuilder text)
    {
        text.Append(part?.SaveState().ToJsonString());
        foreach (var (name, tensor) in part?.StateTensors ?? new Dictionary<string, Tensor>())
        {
            text.Append(CultureInfo.InvariantCulture, $"{name} {Convert.ToHexString(tensor.bytes)}\n");
        }
    }

    private static bool IsOfEvents(string file) => Path.GetFileName(file).StartsWith("events.out.tfevents.", StringComparison.Ordinal);

    // Numbers, and how many other events there are: these hold the times.
    private static string EventsOf(string file)
    {
        var events = EventFile.Read(file);
        return $"{events.Count} events: {string.Join(' ', EventFile.Scalars(events).Where(scalar => scalar.Tag != "seconds/epoch"))}\n";
    }

    private static string Contents(string file)
    {
        if (Path.GetExtension(file) != ".ckpt")
        {
            return Seconds.Replace(File.ReadAllText(file), "");
        }

        using var model = Models.Mlp();
        Checkpoint.LoadWeights(file, model);
        return Outcome.StateOf(model) + Outcome.HistoryOf(Trainer.ReadHistory(file));
    }

    /// <summary>A second passes with every look.</summary>
    private sealed class Clock : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => now++;
    }
}

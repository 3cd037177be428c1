using NsDropoutTorch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

public class StateTests
{
    private static readonly NSDropoutOptions Averaging = new() { Momentum = 0.5, EvalMode = EvalMode.LabelMask, KeepActivations = true };

    [Fact]
    public void StateDict_NamesAndTypes()
    {
        using var layer = torch.nn.NSDropout(4, 3);
        var state = layer.state_dict();
        Assert.Equal(
            "class_masks mask_updates steps validation_captures validation_counts validation_means",
            string.Join(' ', state.Keys.Order(StringComparer.Ordinal)));
        Assert.Equal((ScalarType.Bool, ScalarType.Float32, ScalarType.Int64), (state["class_masks"].dtype, state["validation_means"].dtype, state["steps"].dtype));
        Assert.Equal([3, 4], state["class_masks"].shape);
        Assert.Empty(layer.parameters());
    }

    [Fact]
    public void StateDict_InsideSequential_HoldsTheStateOnce()
    {
        using var layer = torch.nn.NSDropout(4, 3, options: Averaging);
        using var model = torch.nn.Sequential(("linear", torch.nn.Linear(4, 4)), ("drop", layer));
        Assert.Equal(2 + 7, model.state_dict().Count);
        Assert.True(model.state_dict().ContainsKey("drop.training_means"));
    }

    [Fact]
    public void StateDict_RegisteredInACustomModule_HasNoFieldsOfItsOwn()
    {
        using var model = new Holder(torch.nn.NSDropout(4, 3));
        Assert.All(model.state_dict().Keys, key => Assert.StartsWith("drop.", key, StringComparison.Ordinal));
        Assert.Equal(6, model.state_dict().Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Load_IntoFreshLayer_ReproducesEvalAndTrainingToTheBit(bool throughFile)
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained(options: Averaging);
        using var fresh = torch.nn.NSDropout(8, 3, 0.5, Averaging, dtype: ScalarType.Float64);
        if (throughFile)
            fresh.load(Saved(layer));
        else
            fresh.load_state_dict(layer.state_dict());

        Assert.Equal((1, 1, 1), (fresh.steps, fresh.mask_updates, fresh.validation_captures));
        AssertSameState(layer, fresh);
        AssertSameOutputs(layer, fresh);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Load_ThroughTheParent_ReproducesEvalAndTrainingToTheBit(bool throughFile)
    {
        using var scope = NewDisposeScope();
        var layer = Layers.Trained(options: Averaging);
        var fresh = torch.nn.NSDropout(8, 3, 0.5, Averaging, dtype: ScalarType.Float64);
        using var model = torch.nn.Sequential(layer);
        using var other = torch.nn.Sequential(fresh);
        if (throughFile)
            other.load(Saved(model));
        else
            other.load_state_dict(model.state_dict());

        AssertSameState(layer, fresh);
        AssertSameOutputs(layer, fresh);
    }

    [Fact]
    public void Load_AfterLoad_TrainingGoesOnAsInTheSavedLayer()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained();
        using var fresh = torch.nn.NSDropout(8, 3, 0.5, dtype: ScalarType.Float64);
        fresh.load_state_dict(layer.state_dict());
        // Only rows of class 0: the others keep the masks that were loaded.
        var (x, labels) = (Data.Normal(3, 6, 8), zeros(6, ScalarType.Int64));
        Assert.True(Data.SameBits(layer.forward(x, labels), fresh.forward(x, labels)));
        AssertSameState(layer, fresh);
    }

    public static TheoryData<string, long[], string> WrongShapes() => new()
    {
        { "class_masks", [1, 4], "class_masks must have shape [3, 4], but got [1, 4]." },
        { "class_masks", [3, 1], "class_masks must have shape [3, 4], but got [3, 1]." },
        { "class_masks", [3, 5], "class_masks must have shape [3, 4], but got [3, 5]." },
        { "validation_means", [4], "validation_means must have shape [3, 4], but got [4]." },
        { "validation_counts", [], "validation_counts must have shape [3], but got []." },
        { "steps", [1], "steps must have shape [], but got [1]." },
    };

    [Theory, MemberData(nameof(WrongShapes))]
    public void LoadStateDict_WrongShape_NamesBufferAndBothShapesAndLoadsNothing(string name, long[] shape, string message)
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(4, 3);
        var state = layer.state_dict().ToDictionary(e => e.Key, e => ones_like(e.Value), StringComparer.Ordinal);
        state[name] = ones(shape, state[name].dtype);
        var error = Assert.Throws<ArgumentException>(() => layer.load_state_dict(state));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, layer.steps);
        Assert.All(Data.Values(layer.validation_means), v => Assert.Equal(0, v));
    }

    [Fact]
    public void LoadStateDict_SkippedWrongShape_IsNotLooked()
    {
        using var scope = NewDisposeScope();
        using var layer = torch.nn.NSDropout(4, 3);
        var state = layer.state_dict().ToDictionary(e => e.Key, e => ones_like(e.Value), StringComparer.Ordinal);
        state["class_masks"] = ones(1, 4);
        layer.load_state_dict(state, strict: true, skip: ["class_masks"]);
        Assert.Equal(1, layer.steps);
    }

    [Fact]
    public void LoadFile_WrongShape_NamesBufferAndBothShapes()
    {
        using var saved = torch.nn.NSDropout(5, 3);
        using var layer = torch.nn.NSDropout(4, 3);
        var error = Assert.Throws<ArgumentException>(() => layer.load(Saved(saved)));
        Assert.StartsWith("class_masks must have shape [3, 4], but got [3, 5].", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadFile_ReportsWhatWasLoaded()
    {
        using var saved = torch.nn.NSDropout(4, 3, options: Averaging);
        using var layer = torch.nn.NSDropout(4, 3);
        var loaded = new Dictionary<string, bool>(StringComparer.Ordinal);
        layer.load(Saved(saved), strict: false, loadedParameters: loaded);
        Assert.True(loaded["class_masks"]);
        Assert.False(loaded["training_means"]);
    }

    [Fact]
    public void ToDtype_StatisticsFollowButNeverBelowFloat32_AndMasksStay()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained(options: Averaging);
        var (masks, means) = (Layers.Masks(layer), Data.Values(layer.validation_means));
        foreach (var (dtype, expected) in new[]
        {
            (ScalarType.Float64, ScalarType.Float64), (ScalarType.Float16, ScalarType.Float32), (ScalarType.BFloat16, ScalarType.Float32),
            (ScalarType.Float32, ScalarType.Float32), (ScalarType.Float64, ScalarType.Float64),
        })
        {
            layer.to(dtype);
            Assert.Equal((expected, expected), (layer.validation_means.dtype, layer.training_means!.dtype));
            Assert.Equal((ScalarType.Bool, ScalarType.Int64), (layer.class_masks.dtype, layer.validation_counts.dtype));
            Assert.Same(layer.validation_means, layer.state_dict()["validation_means"]);
        }

        Assert.Equal(masks, Layers.Masks(layer));
        Data.AssertClose(means, layer.validation_means, 0, 1e-7);
        Assert.Equal((1, 1, 1), (layer.steps, layer.mask_updates, layer.validation_captures));
    }

    [Fact]
    public void ToDtype_NotFloating_Throws()
    {
        using var layer = torch.nn.NSDropout(4, 3);
        var error = Assert.Throws<ArgumentException>(() => layer.to(ScalarType.Int64));
        Assert.StartsWith("dtype must be floating-point, but got Int64.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToDevice_BuffersAndKeptActivationsFollow_CountersStayOnTheHost()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained(options: Averaging);
        layer.to(META);
        Assert.All(
            layer.named_buffers(),
            b => Assert.Equal(b.name is "steps" or "mask_updates" or "validation_captures" ? DeviceType.CPU : DeviceType.META, b.buffer.device_type));
        Assert.Equal(7, layer.buffers().Count());
        Assert.Equal(DeviceType.META, layer.KeptValidation()!.Value.activations.device_type);
        Assert.Equal((1, 1, 1), (layer.steps, layer.mask_updates, layer.validation_captures));
        Assert.Same(layer.class_masks, layer.state_dict()["class_masks"]);
    }

    [Fact]
    public void To_ThroughTheParent_MovesTheState()
    {
        using var layer = torch.nn.NSDropout(4, 3);
        using var model = new Holder(layer);
        model.to(ScalarType.Float64);
        Assert.Equal(ScalarType.Float64, layer.validation_means.dtype);
        model.to(META, ScalarType.Float32);
        Assert.Equal((DeviceType.META, ScalarType.Float32), (layer.validation_means.device_type, layer.validation_means.dtype));
        Assert.Equal(DeviceType.CPU, model.state_dict()["drop.steps"].device_type);
    }

    [Fact]
    public void To_Repeated_LeavesNoTensorBehind()
    {
        using var layer = Layers.Trained(options: Averaging);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 5; i++)
        {
            layer.to(ScalarType.Float32);
            layer.to(ScalarType.Float64);
            layer.to(CPU);
            layer.to(CPU, ScalarType.Float64);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(1, layer.mask_updates);
    }

    [Fact]
    public void To_InInferenceMode_LeavesStateThatTrainingCanChange()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained(options: Averaging);
        using (inference_mode())
        {
            layer.to(ScalarType.Float32);
            layer.to(ScalarType.Float64);
        }

        layer.forward(Data.Normal(3, 6, 8), Layers.Balanced(6, 3));
        Assert.Equal(2, layer.mask_updates);
    }

    [Fact]
    public void Save_AfterAMove_LoadsIntoALayerMovedLikeIt()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained(dtype: ScalarType.Float32);
        layer.to(ScalarType.Float64);
        using var fresh = torch.nn.NSDropout(8, 3, 0.5);
        fresh.to(ScalarType.Float64);
        fresh.load(Saved(layer));
        AssertSameState(layer, fresh);
    }

    [Fact]
    public void Construction_InsideDisposeScopeAndInferenceMode_StateOutlivesBoth()
    {
        NSDropout layer;
        using (NewDisposeScope())
        using (inference_mode())
            layer = torch.nn.NSDropout(4, 2, 0.5, Averaging);

        using (layer)
        using (NewDisposeScope())
        {
            Assert.All(layer.buffers(), b => Assert.False(b.IsInvalid));
            layer.CacheValidation(Data.Normal(1, 6, 4), Layers.Balanced(6, 2));
            layer.forward(Data.Normal(2, 6, 4), Layers.Balanced(6, 2));
            Assert.Equal(1, layer.mask_updates);
        }
    }

    [Fact]
    public void ResetValidation_NextStepIsOrdinaryDropoutAndMasksStay()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained();
        var masks = Layers.Masks(layer);
        layer.ResetValidation();
        layer.forward(Data.Normal(1, 6, 8), Layers.Balanced(6, 3));
        Assert.Equal(masks, Layers.Masks(layer));
        Assert.Equal((2, 1, 0), (layer.steps, layer.mask_updates, layer.validation_captures));
        Assert.All(Data.Integers(layer.validation_counts), n => Assert.Equal(0, n));
    }

    [Fact]
    public void ResetStatistics_StateIsAsAfterConstruction()
    {
        using var scope = NewDisposeScope();
        using var layer = Layers.Trained(options: Averaging);
        using var fresh = torch.nn.NSDropout(8, 3, 0.5, Averaging, dtype: ScalarType.Float64);
        layer.ResetStatistics();
        AssertSameState(fresh, layer);
        Assert.Null(layer.KeptValidation());
    }

    private static void AssertSameState(nn.Module expected, nn.Module actual)
    {
        var state = actual.state_dict();
        Assert.Equal(expected.state_dict().Count, state.Count);
        Assert.All(expected.state_dict(), e => Assert.True(Data.SameBits(e.Value, state[e.Key]), e.Key));
    }

    private static void AssertSameOutputs(NSDropout expected, NSDropout actual)
    {
        var (x, labels) = (Data.Normal(4, 9, 8), Layers.Balanced(9, 3));
        foreach (var training in new[] { false, true })
        {
            expected.train(training);
            actual.train(training);
            Assert.True(Data.SameBits(expected.forward(x, labels), actual.forward(x, labels)));
        }
    }

    private static MemoryStream Saved(nn.Module module)
    {
        using var stream = new MemoryStream();
        module.save(stream);
        return new MemoryStream(stream.ToArray());
    }

    private sealed class Holder : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> drop;

        public Holder(nn.Module<Tensor, Tensor> drop)
            : base(nameof(Holder))
        {
            this.drop = drop;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => drop.call(input);
    }
}

using NsDropoutTorch.Tests.Support;
using NsDropoutTorch.Dropouts;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Tests;

/// <summary>What the layers rely on in TorchSharp's modules; see <see cref="TorchSharpFactsTests"/>.</summary>
public sealed class TorchSharpFactsOfModulesTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    // Identity in eval mode is input.alias().
    [Fact]
    public void Sequential_DisposesEveryIntermediateResult_AndNeitherInputNorOutput()
    {
        using var model = torch.nn.Sequential(torch.nn.ReLU(), torch.nn.ReLU(), torch.nn.ReLU());
        var input = ones(2);
        var made = scope.DisposablesCount;
        var output = model.call(input);
        Assert.Equal(made + 1, scope.DisposablesCount);
        Assert.False(input.IsInvalid || output.IsInvalid);
    }

    // LearnedDropoutModule, LinearDropoutModule.
    [Fact]
    public void NewParameter_EmptiesItsArgument_AndTakesItsPlaceInTheScope()
    {
        var (free, held) = (ones(2).DetachFromDisposeScope(), ones(2));
        using var first = new Parameter(free);
        var second = new Parameter(held);
        Assert.True(free.IsInvalid && held.IsInvalid);
        Assert.Equal((false, true), (scope.Contains(first), scope.Contains(second)));
    }

    // WeightDrop takes no recurrent modules: they compute with the native weights that they were made with, and autograd notices that these are overwritten between a call and its backward pass.
    [Fact]
    public void LSTM_WeightsOverwrittenForACall_TakesThemAndFailsInTheBackwardPass()
    {
        using var lstm = torch.nn.LSTM(2, 3);
        var weight = lstm.get_parameter("weight_hh_l0")!;
        var x = ones(4, 1, 2);
        var before = lstm.call(x).Item1;
        var own = weight.detach().clone();
        using (no_grad()) weight.zero_();
        var masked = lstm.call(x).Item1;
        using (no_grad()) weight.copy_(own);

        Assert.False(Data.SameBits(before, masked));
        Assert.Contains("modified by an inplace operation", Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => masked.sum().backward()).Message, StringComparison.Ordinal);
    }

    // StatefulModule.AddBuffer.
    [Fact]
    public void BufferRegisteredInAScope_EndsWithIt_UnlessItIsDetached()
    {
        Probe lost, kept;
        using (NewDisposeScope()) (lost, kept) = (new Probe(zeros(1)), new Probe(zeros(1).DetachFromDisposeScope()));
        Assert.True(lost.get_buffer("state")!.IsInvalid);
        Assert.False(kept.get_buffer("state")!.IsInvalid);
        kept.Dispose();
    }

    // StatefulModule.Replace.
    [Fact]
    public void BufferReplacedInTheRegistry_IsTheNewOne_AndTheOldIsLeftToTheCaller()
    {
        using var probe = new Probe(zeros(1));
        var (former, next) = (probe.get_buffer("state")!, ones(1));
        probe.Replace(next);
        Assert.Same(next, probe.get_buffer("state"));
        Assert.Same(next, probe.state_dict()["state"]);
        Assert.Same(next, Assert.Single(probe.named_buffers(recurse: false)).buffer);
        Assert.False(former.IsInvalid);
    }

    // DropoutModule.Hold, LinearDropoutModule.bias.
    [Fact]
    public void ParameterReplacedByNull_IsGone()
    {
        using var probe = new Probe(zeros(1));
        probe.Hold(new Parameter(ones(1)));
        Assert.Single(probe.named_parameters());
        probe.Hold(null);
        Assert.Empty(probe.named_parameters());
        Assert.Null(probe.get_parameter("weight"));
    }

    // KeptActivations is an object, the newest gap a tuple, and no layer has a tensor field.
    [Fact]
    public void TensorField_BecomesABuffer_ButNoTupleOrOtherObjectDoes()
    {
        using var fields = new Fields();
        Assert.Equal(["plain"], fields.state_dict().Keys);
    }

    // CheckedModule: state that is loaded into the layer itself is checked there, whichever way it comes.
    [Fact]
    public void Load_OfAFileOrStream_GoesThroughTheFormOfAReader_AndWritesIntoTheSameTensor()
    {
        using var probe = new Probe(zeros(1));
        var buffer = probe.get_buffer("state")!;
        using var file = new MemoryStream();
        probe.save(file);
        buffer.fill_(3);
        probe.load(new MemoryStream(file.ToArray()));
        Assert.Equal(1, probe.Loads);
        Assert.Equal([0], Data.Values(buffer));
        Assert.Same(buffer, probe.get_buffer("state"));
    }

    // ModuleState checks names and shapes of a whole model for this reason, and HostCounter finds its count in the same tensor afterwards.
    [Fact]
    public void LoadStateDict_OfAParent_AsksNoChild_AndBroadcastsAndConvertsInSilence()
    {
        using var probe = new Probe(zeros(3));
        using var parent = torch.nn.Sequential(("probe", probe));
        var buffer = probe.get_buffer("state");
        parent.load_state_dict(new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["probe.state"] = full(1, 4.0, ScalarType.Float64) });
        Assert.Equal(0, probe.Loads);
        Assert.Same(buffer, probe.get_buffer("state"));
        Assert.Equal([4, 4, 4], Data.Values(buffer!));
        Assert.Equal(ScalarType.Float32, buffer!.dtype);
    }

    // ModuleState.Read.
    [Fact]
    public void SavedModule_IsACountThenNameAndTensorOfEachEntry()
    {
        using var layer = torch.nn.Linear(2, 1);
        using (no_grad())
        {
            layer.weight.copy_(tensor(new[,] { { 1f, -2 } }));
            layer.bias!.fill_(0.5f);
        }

        using var file = new MemoryStream();
        layer.save(file);
        Assert.Equal("0206776569676874060201020000803F000000C004626961730601010000003F", Convert.ToHexString(file.ToArray()));
    }

    // StatefulModule overrides these three and no other.
    [Fact]
    public void To_OfAParent_AsksEachChild()
    {
        using var probe = new Probe(zeros(1));
        using var parent = torch.nn.Sequential(("probe", probe));
        parent.to(ScalarType.Float64).to(CPU).to(DeviceType.CPU).to("cpu").cpu().to(CPU, ScalarType.Float32).@double();
        Assert.Equal(7, probe.Moves);
    }

    // Parameters of the layers are moved by TorchSharp itself.
    [Fact]
    public void ParameterMovedInAScope_OutlivesIt()
    {
        using var layer = torch.nn.Linear(2, 2);
        using (NewDisposeScope()) layer.to(ScalarType.Float64);
        Assert.Equal(ScalarType.Float64, layer.weight.dtype);
        Assert.Equal(4, Data.Values(layer.weight).Length);
    }

    // NSDropoutModule and its kin leave buffers and parameters to the base.
    [Fact]
    public void DisposedModule_DisposesBuffersParametersAndChildren()
    {
        var (probe, layer) = (new Probe(zeros(1)), torch.nn.Linear(1, 1));
        var (buffer, weight) = (probe.get_buffer("state")!, layer.weight);
        torch.nn.Sequential(probe, layer).Dispose();
        Assert.True(buffer.IsInvalid && weight.IsInvalid);
    }

    // ValidationCapture, NamedModules and AddedLoss put the model itself before them.
    [Fact]
    public void Modules_LeaveOutTheModuleItself()
    {
        using var model = torch.nn.Sequential(("inner", torch.nn.Sequential(("relu", torch.nn.ReLU()))));
        Assert.Equal(["inner", "inner.relu"], model.named_modules().Select(module => module.name));
        Assert.Equal(2, model.modules().Count());
    }

    private sealed class Probe : nn.Module<Tensor, Tensor>
    {
        internal Probe(Tensor state)
            : base(nameof(Probe)) => register_buffer("state", state);

        internal int Loads { get; private set; }

        internal int Moves { get; private set; }

        public override Tensor forward(Tensor input) => input.alias();

        public override nn.Module load(
            BinaryReader reader, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
        {
            Loads++;
            return base.load(reader, strict, skip, loadedParameters);
        }

        public override (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
            Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
        {
            Loads++;
            return base.load_state_dict(source, strict, skip);
        }

        internal void Replace(Tensor value) => ConditionallyRegisterBuffer("state", value);

        internal void Hold(Parameter? value) => ConditionallyRegisterParameter("weight", value);

        protected override nn.Module _to(Device device, ScalarType dtype, bool non_blocking) => Moved();

        protected override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => Moved();

        protected override nn.Module _to(ScalarType dtype, bool non_blocking) => Moved();

        private Probe Moved()
        {
            Moves++;
            return this;
        }
    }

    private sealed class Fields : nn.Module<Tensor, Tensor>
    {
        private readonly Tensor plain = zeros(1);
        private readonly (Tensor First, Tensor Second) pair = (zeros(1), zeros(1));
        private readonly Tensor[] several = [zeros(1)];

        internal Fields()
            : base(nameof(Fields)) => RegisterComponents();

        public override Tensor forward(Tensor input) => input + plain + pair.First + several[0];
    }
}

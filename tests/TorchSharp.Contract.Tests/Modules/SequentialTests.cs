using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Modules;

public sealed class SequentialTests : ContractTest
{
    [Fact]
    public void Call_GoesThroughTheModulesInOrder()
    {
        using var model = nn.Sequential(("add", new Shift(1)), ("relu", nn.ReLU()), ("again", new Shift(10)));
        Expect.Equal(new[] { 10f, 13 }, model.call(tensor(new[] { -5f, 2 })));
    }

    [Fact]
    public void Names_AreGivenOrNumbers()
    {
        using var named = nn.Sequential(("a", new Shift(1)), ("b", new Shift(2)));
        using var numbered = nn.Sequential(new Shift(1), new Shift(2));
        Assert.Equal(["a.by", "b.by"], named.state_dict().Keys);
        Assert.Equal(["0.by", "1.by"], numbered.state_dict().Keys);
    }

    [Fact]
    public void Append_AddsAtTheEndAndReturnsTheModel()
    {
        using var model = nn.Sequential();
        Assert.Same(model, model.append(new Shift(1)).append("named", new Shift(2)));
        Assert.Equal(2, model.Count);
        Assert.Equal(["0", "named"], model.named_children().Select(child => child.name));
        Assert.IsType<Shift>(model[0]);
        Expect.Equal(new[] { 3f }, model.call(zeros(1)));
    }

    [Fact]
    public void Lists_AreTakenToo()
    {
        using var named = nn.Sequential(new List<(string, nn.Module<Tensor, Tensor>)> { ("x", new Shift(1)) });
        using var numbered = nn.Sequential(new List<nn.Module<Tensor, Tensor>> { new Shift(1), new Shift(1) });
        Assert.Equal(1, named.Count);
        Expect.Equal(new[] { 2f }, numbered.call(zeros(1)));
    }

    [Fact]
    public void Call_DisposesEveryIntermediateResult_ButNotInputNorOutput()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(nn.ReLU(), nn.ReLU(), nn.ReLU());
        var input = ones(2);
        var before = scope.DisposablesCount;
        var output = model.call(input);
        Assert.Equal(before + 1, scope.DisposablesCount);
        Assert.False(input.IsInvalid);
        Assert.False(output.IsInvalid);
    }

    [Fact]
    public void Call_OfAModuleThatReturnsItsInput_DisposesIt()
    {
        using var model = nn.Sequential(nn.ReLU(), new Careless(), nn.ReLU());
        Assert.Throws<InvalidOperationException>(() => model.call(ones(2)));
    }

    [Fact]
    public void Call_OfNone_IsAnotherWrapper()
    {
        using var model = nn.Sequential();
        var x = ones(1);
        Assert.NotSame(x, model.call(x));
    }

    [Fact]
    public void Slices_ShareTheirModules()
    {
        using var model = nn.Sequential(new Shift(1), new Shift(10), new Shift(100));
        var part = model[1..];
        Assert.Equal(2, part.Count);
        Expect.Equal(new[] { 110f }, part.call(zeros(1)));
    }

    [Fact]
    public void Sequentials_Nest()
    {
        using var model = nn.Sequential(("inner", nn.Sequential(("shift", new Shift(1)))), ("outer", new Shift(2)));
        Assert.Equal(["inner.shift.by", "outer.by"], model.state_dict().Keys);
        Expect.Equal(new[] { 3f }, model.call(zeros(1)));
        model.eval();
        Assert.All(model.modules(), module => Assert.False(module.training));
    }

    [Fact]
    public void Dispose_DisposesTheModules()
    {
        var shift = new Shift(1);
        var by = shift.By;
        nn.Sequential(shift).Dispose();
        Assert.True(by.IsInvalid);
    }

    private sealed class Careless : nn.Module<Tensor, Tensor>
    {
        internal Careless()
            : base(nameof(Careless))
        {
        }

        public override Tensor forward(Tensor input) => input;
    }
}

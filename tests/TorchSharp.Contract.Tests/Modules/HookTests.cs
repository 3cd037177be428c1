using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Modules;

public sealed class HookTests : ContractTest
{
    [Fact]
    public void Hooks_RunAroundForward_UntilRemoved()
    {
        using var probe = new Probe();
        var order = new List<string>();
        var before = probe.register_forward_pre_hook((module, input) =>
        {
            order.Add($"before {module.GetName()} {probe.Calls}");
            return input;
        });
        var after = probe.register_forward_hook((module, input, output) =>
        {
            order.Add($"after {module.GetName()} {probe.Calls}");
            return output;
        });
        probe.call(ones(1));
        Assert.Equal(["before Probe 0", "after Probe 1"], order);
        before.remove();
        after.remove();
        probe.call(ones(1));
        Assert.Equal(2, order.Count);
    }

    [Fact]
    public void Hooks_MayReplaceInputAndOutput()
    {
        using var probe = new Probe();
        probe.register_forward_pre_hook((_, input) => input * 2);
        probe.register_forward_hook((_, input, output) => output + input);
        Expect.Equal(new[] { 4f }, probe.call(ones(1)));
    }

    [Fact]
    public void Hooks_RunInTheOrderTheyCame()
    {
        using var probe = new Probe();
        probe.register_forward_hook((_, _, output) => output + 1);
        probe.register_forward_hook((_, _, output) => output * 10);
        Expect.Equal(new[] { 20f }, probe.call(ones(1)));
    }

    [Fact]
    public void Forward_CalledDirectly_SkipsTheHooks()
    {
        using var probe = new Probe();
        probe.register_forward_hook((_, _, output) => output + 1);
        Expect.Equal(new[] { 1f }, probe.forward(ones(1)));
    }

    [Fact]
    public void Hooks_OfALayerInASequential_Run()
    {
        using var linear = nn.Linear(1, 1);
        using var outer = nn.Sequential(linear);
        var calls = 0;
        linear.register_forward_hook((_, _, output) =>
        {
            calls++;
            return output;
        });
        outer.call(ones(1, 1));
        Assert.Equal(1, calls);
    }
}

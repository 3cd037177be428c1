using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Benchmarks.Suites;

/// <summary>What a call costs before any arithmetic: TorchSharp itself, whichever provider it comes from.</summary>
internal sealed class ProviderSuite : ISuite
{
    private const string Call = "x.mul(y), 4×4, disposed";
    private const string Linear = "Linear 128×128, batch 128, forward + backward";
    private const string Adam = "Adam step, 10 parameters 20×20";
    private const string Tensors = "1,000 tensors, created and disposed";
    private const string Product = "three matrix products 128×128×128";

    public string Title => "Provider, 1 thread";

    public IEnumerable<Row> Run(Effort effort)
    {
        using var used = Threads.Use(1);
        using var scope = NewDisposeScope();
        var (x, y, wide) = (rand(4, 4), rand(4, 4), rand(128, 128));
        using var linear = nn.Linear(128, 128);
        using var model = nn.Sequential([.. Enumerable.Range(0, 5).Select(_ => nn.Linear(20, 20))]);
        foreach (var parameter in model.parameters()) parameter.grad = ones_like(parameter);
        using var adam = optim.Adam(model.parameters());
        var actions = new Dictionary<string, Action>(StringComparer.Ordinal)
        {
            [Call] = () => x.mul(y).Dispose(),
            [Linear] = () => LinearStep(linear, wide),
            [Adam] = () => adam.step(),
            [Tensors] = CreateThousand,
            [Product] = () => wide.mm(wide).mm(wide).mm(wide),
        };
        var contest = new Contest(effort);
        foreach (var (name, action) in actions) contest.Add(name, action);
        var times = contest.Run();

        yield return Row(Call, 1, "itself");
        yield return Row(Linear, times[Linear] / times[Product], Product);
        yield return Row(Adam, times[Adam] / times[Call] / 80, "80 calls (8 a parameter)");
        yield return Row(Tensors, times[Tensors] / times[Call] / 1000, "1,000 calls");

        Row Row(string name, double ratio, string reference) => new(name, ratio, reference, 1, Text.Time(times[name])) { Bytes = Contest.BytesOf(actions[name]) };
    }

    private static void LinearStep(nn.Module<Tensor, Tensor> linear, Tensor input)
    {
        using var scope = NewDisposeScope();
        using var leaf = input.detach().requires_grad_();
        linear.call(leaf).sum().backward();
    }

    private static void CreateThousand()
    {
        for (var i = 0; i < 1000; i++) empty(1).Dispose();
    }
}

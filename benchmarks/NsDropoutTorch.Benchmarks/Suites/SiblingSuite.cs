using NsDropoutTorch.Dropouts;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Benchmarks.Suites;

/// <summary>The layers that draw random numbers, each against the cheapest form of the same formula that its authors could write by hand: operators in place, no checks, nothing kept.</summary>
internal sealed class SiblingSuite : ISuite
{
    private const double P = 0.2;
    private const double Scale = 1 / (1 - P);

    public string Title => "Layers that draw random numbers, forward + backward, float32, time relative to";

    public IEnumerable<Row> Run(Effort effort)
    {
        using var used = Threads.Use(1);
        using var scope = NewDisposeScope();
        manual_seed(0);
        var rows = rand(256, 1024).requires_grad_();
        var images = rand(32, 64, 28, 28).requires_grad_();
        var features = rand(128, 784).requires_grad_();

        var connect = nn.DropConnectLinear(784, 128, P);
        var targeted = nn.TargetedDropoutLinear(784, 128, P);
        var standout = nn.StandoutLinear(784, 128, P);
        var embedding = nn.EmbeddingDropout(10_000, 128, P);
        var words = randint(10_000, [35 * 64]);
        var sequences = rand(35, 64, 256).requires_grad_();
        var volumes = rand([8, 16, 16, 16, 16]).requires_grad_();
        var concrete = nn.ConcreteDropout(1024, P);
        var variational = nn.VariationalDropout(1024, P);
        var concreteChannels = nn.ConcreteDropout2d(64, P);
        var variationalChannels = nn.VariationalDropout2d(64, P);
        var convolution = nn.DropConnectConv2d(64, 32, 3, P);
        var ofEachSample = nn.DropConnectConv2d(64, 32, 3, P, per_sample: true);
        return
        [
            Compare(effort, nn.DropPath(P), rows, () => rows.mul(empty(256, 1).bernoulli_(1 - P).mul_(Scale))),
            Compare(effort, nn.GaussianDropout(P), rows, () => rows.mul(randn(256, 1024).mul_(Math.Sqrt(P * Scale)).add_(1))),
            Compare(effort, nn.DropBlock2d(P), images, () => images.mul(Blocks(images))),
            Compare(effort, nn.DropBlock3d(P), volumes, () => volumes.mul(Cubes(volumes))),
            Compare(effort, nn.LockedDropout(P), sequences, () => sequences.mul(empty(1, 64, 256).bernoulli_(1 - P).mul_(Scale))),
            Compare(effort, embedding, words, () => embedding.weight.mul(empty(10_000, 1).bernoulli_(1 - P).mul_(Scale)).index_select(0, words)),
            Compare(effort, standout, features, () => Standout(nn.functional.linear(features, standout.weight, standout.bias))),
            Compare(effort, connect, features, () => nn.functional.linear(features, connect.weight.mul(empty(128, 784).bernoulli_(1 - P).mul_(Scale)), connect.bias)),
            Compare(effort, targeted, features, () => nn.functional.linear(features, targeted.weight.mul(Targeted(targeted.weight)), targeted.bias)),
            Compare(effort, convolution, images, () => nn.functional.conv2d(images, convolution.weight.mul(empty(convolution.weight.shape).bernoulli_(1 - P).mul_(Scale)), convolution.bias)),
            Compare(effort, ofEachSample, images, () => KernelsOfEachSample(ofEachSample, images), " per sample"),
            Compare(effort, concrete, rows, () => rows.mul(Concrete(concrete.logit, 256, 1024))),
            Compare(effort, concreteChannels, images, () => images.mul(Concrete(concreteChannels.logit, 32, 64, 1, 1))),
            Compare(effort, variational, rows, () => rows.mul(randn(256, 1024).mul(variational.logit.sigmoid().sqrt()).add_(1))),
            Compare(effort, variationalChannels, images, () => images.mul(randn(32, 64, 1, 1).mul(variationalChannels.logit.sigmoid().sqrt()).add_(1))),
        ];
    }

    private static Row Compare(Effort effort, nn.Module<Tensor, Tensor> layer, Tensor input, Func<Tensor> byHand, string form = "")
    {
        using var owned = layer;
        using var upstream = ones_like(layer.call(input));
        Tensor[] all = input.requires_grad ? [input, .. layer.parameters()] : [.. layer.parameters()];
        var times = new Contest(effort, layer.GetName())
            .Add("layer", () => autograd.grad([layer.call(input)], all, [upstream]))
            .Add("hand", () => autograd.grad([byHand()], all, [upstream])).Run();
        return new(layer.GetName() + form, times["layer"] / times["hand"], "the formula by hand", 1, Text.Time(times["layer"])) { Goal = Goal.AtMost(1.5) };
    }

    // A block of 7×7 falls at each seed that lies far enough inside.
    private static Tensor Blocks(Tensor images)
    {
        const long side = 7;
        var (height, width) = (images.size(2), images.size(3));
        var seeds = empty(images.size(0), images.size(1), height - side + 1, width - side + 1).bernoulli_(DropBlockMath.SeedRate(P, side, height, width));
        var kept = nn.functional.max_pool2d(nn.functional.pad(seeds, (side - 1, side - 1, side - 1, side - 1)), side, stride: 1).neg_().add_(1);
        return kept.mul_(kept.numel() / kept.sum());
    }

    // Likewise in volumes, with cubes of 3×3×3.
    private static Tensor Cubes(Tensor volumes)
    {
        const long side = 3;
        var size = volumes.size(2);
        var begin = size - side + 1;
        var seeds = empty([volumes.size(0), volumes.size(1), begin, begin, begin]).bernoulli_(DropBlockMath.SeedRate(P, side, size, size, size));
        var padded = nn.functional.pad(seeds, [side - 1, side - 1, side - 1, side - 1, side - 1, side - 1]);
        var kept = nn.functional.max_pool3d(padded, [side, side, side], [1, 1, 1]).neg_().add_(1);
        return kept.mul_(kept.numel() / kept.sum());
    }

    private static Tensor Standout(Tensor output) => output.mul(output.detach().add(Math.Log((1 - P) / P)).sigmoid_().bernoulli());

    // The smaller half of each unit's weights is dropped at random.
    private static Tensor Targeted(Tensor weight)
    {
        using var values = no_grad();
        var indexes = weight.abs().topk((int)(weight.size(1) / 2), 1, largest: false, sorted: false).indexes;
        return ones_like(weight).scatter_(1, indexes, empty(indexes.shape).bernoulli_(1 - P).mul_(Scale));
    }

    // A grouped convolution, a group for each sample.
    private static Tensor KernelsOfEachSample(DropConnectConv2d layer, Tensor images)
    {
        var kernels = layer.weight.mul(empty([images.size(0), .. layer.weight.shape]).bernoulli_(1 - P).mul_(Scale)).flatten(0, 1);
        var output = nn.functional.conv2d(images.reshape(1, -1, images.size(2), images.size(3)), kernels, groups: images.size(0));
        return output.view(images.size(0), -1, output.size(2), output.size(3)).add(layer.bias!.view(1, -1, 1, 1));
    }

    private static Tensor Concrete(Tensor logit, params long[] shape) => rand(shape).logit().add_(logit).div_(-0.1).sigmoid().div(logit.neg().sigmoid());
}

using NsDropoutTorch.Data;
using NsDropoutTorch.Docs.Tests.Support;
using NsDropoutTorch.Training;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torchvision;

namespace NsDropoutTorch.Docs.Tests.Guide;

/// <summary>What docs/torchvision.md shows and says of TorchVision 0.107.</summary>
public sealed class TorchVisionGuideTests : IDisposable
{
    private static readonly TrainerOptions Options = new() { Epochs = 3, BatchSize = 32, Seed = 1 };
    private readonly TempFolder temp = new();
    private readonly string folder;

    public TorchVisionGuideTests()
    {
        folder = temp.Path;
        TinyFashion.WritePlain(folder);
    }

    public void Dispose() => temp.Dispose();

    [Fact]
    public void Dataset_AugmentedInTrainingAlone_TrainsToTheSameBitsAgain()
    {
        using var network = Network();
        var options = Options;

        #region dataset
        var augmentation = transforms.Compose(transforms.RandomHorizontalFlip(), transforms.ColorJitter(brightness: 0.2f, contrast: 0, saturation: 0, hue: 0));
        using var train = datasets.FashionMNIST(folder, train: true, target_transform: augmentation);
        using var validation = datasets.FashionMNIST(folder, train: false);

        Trainer.Fit(network, BatchSource.FromDataset(train, "data", "label"), BatchSource.FromDataset(validation, "data", "label"), options);
        #endregion

        using var again = Network();
        Trainer.Fit(again, BatchSource.FromDataset(train, "data", "label"), null, options);
        Assert.Equal(Weights(network), Weights(again));
        using var plain = Network();
        Trainer.Fit(plain, BatchSource.FromDataset(datasets.FashionMNIST(folder, train: true), "data", "label"), null, options);
        Assert.NotEqual(Weights(network), Weights(plain));
    }

    [Fact]
    public void Loader_OfADataset_TrainsAndHoldsOneBatch()
    {
        using var network = Network();
        var options = Options;
        using var train = datasets.FashionMNIST(folder, train: true, target_transform: transforms.RandomHorizontalFlip());
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var (before, steps) = (Tensor.TotalCount, new LiveTensors());
        Callback[] callbacks = [steps];

        #region loader
        using (var loader = torch.utils.data.DataLoader(train, batchSize: 32, shuffle: true, seed: 1, disposeDataset: false))
        {
            Trainer.Fit(network, BatchSource.FromLoader(loader, "data", "label"), validation: null, options, callbacks);
        }
        #endregion

        Assert.Equal(before, Tensor.TotalCount);
        Assert.Equal(15, steps.Counts.Count);
        // The trainer's own sums and gradients are there from the first step on.
        Assert.Single(steps.Counts[5..].Distinct());
        Assert.InRange(steps.Counts.Max() - before, 1, 60);
    }

    [Fact]
    public void Loader_InTheOrderOfTheEpoch_GivesTheBitsOfTheDataset()
    {
        using var network = Network();
        var options = Options;
        using var train = datasets.FashionMNIST(folder, train: true);

        #region order
        var batches = (int)((train.Count + 31) / 32);
        var source = BatchSource.FromSequence(batches, epoch =>
            torch.utils.data.DataLoader(train, batchSize: 32, Permutation.Of((int)train.Count, options.Seed, epoch), num_worker: 2, disposeDataset: false)
                .Select(batch => (batch["data"], batch["label"])));
        Trainer.Fit(network, source, validation: null, options);
        #endregion

        using var same = Network();
        Trainer.Fit(same, BatchSource.FromDataset(train, "data", "label"), null, options);
        Assert.Equal(Weights(network), Weights(same));
    }

    [Fact]
    public void Samples_OfMnistAndItsRelatives_AreWhatThePageSays()
    {
        using var scope = NewDisposeScope();
        using var train = datasets.FashionMNIST(folder, train: true);
        var sample = train.GetTensor(3);
        Assert.Equal(["data", "label"], sample.Keys);
        Assert.Equal([1, 28, 28], sample["data"].shape);
        Assert.Equal((0, ScalarType.Int64, (long)TinyFashion.LabelOf(3)), ((int)sample["label"].dim(), sample["label"].dtype, sample["label"].item<long>()));
        // Divided by 256, not by 255.
        Assert.Equal(255 / 256f, sample["data"].max().item<float>());
        // A transform gets a batch of one.
        long[]? seen = null;
        using var watched = datasets.FashionMNIST(folder, train: false, target_transform: transforms.Lambda(image =>
        {
            seen = image.shape;
            return image;
        }));
        Assert.Equal([1, 28, 28], watched.GetTensor(0)["data"].shape);
        Assert.Equal([1, 1, 28, 28], seen ?? []);
    }

    [Fact]
    public void Dataset_MadeInADisposeScope_DiesWithIt()
    {
        torch.utils.data.Dataset train;
        using (NewDisposeScope())
        {
            train = datasets.FashionMNIST(folder, train: true);
        }

        Assert.Throws<InvalidOperationException>(() => train.GetTensor(0));
    }

    [Fact]
    public void Folder_WithoutTestData_IsNotRead() =>
        Assert.Throws<DirectoryNotFoundException>(() => datasets.MNIST(folder, train: true));

    [Theory]
    [InlineData("RandomHorizontalFlip", true)]
    [InlineData("RandomVerticalFlip", true)]
    [InlineData("ColorJitter", true)]
    [InlineData("RandomApply", true)]
    [InlineData("RandomChoice", true)]
    [InlineData("RandomResizedCrop", false)]
    [InlineData("RandomRotation", false)]
    [InlineData("RandomPerspective", false)]
    [InlineData("RandomOrder", false)]
    public void Transform_WithTheSameSeed_RepeatsWhereThePageSaysSo(string name, bool repeats)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7, CPU);
        var image = rand([3, 28, 28], generator: generator);
        var transform = Make(name);

        Assert.Equal(repeats, Values().SequenceEqual(Values()));

        List<float> Values()
        {
            manual_seed(1);
            return [.. Enumerable.Range(0, 12).SelectMany(_ => transform.call(image).contiguous().data<float>().ToArray())];
        }
    }

    [Fact]
    public void Flip_OfABatch_FlipsAllImagesOrNone()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var batch = rand(32, 1, 4, 4);
        var flipped = Enumerable.Range(0, 20).Select(_ => transforms.RandomHorizontalFlip().call(batch)).ToList();
        Assert.All(flipped, result => Assert.True(result.Equals(batch) || result.Equals(batch.flip(-1))));
        Assert.Contains(flipped, result => result.Equals(batch));
        Assert.Contains(flipped, result => !result.Equals(batch));
    }

    [Fact]
    public void Normalize_OfASingleImage_IsRefused()
    {
        using var scope = NewDisposeScope();
        var normalize = transforms.Normalize([0.5, 0.5, 0.5], [0.25, 0.25, 0.25]);
        Assert.Equal([2, 3, 8, 8], normalize.call(rand(2, 3, 8, 8)).shape);
        Assert.Throws<ArgumentException>(() => normalize.call(rand(3, 8, 8)));
    }

    [Fact]
    public void AutoAugment_OfNumbersThatAreNotBytes_IsRefused()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var image = rand(3, 28, 28);
        foreach (var transform in new[] { transforms.AutoAugment(), transforms.RandAugment(), transforms.TrivialAugmentWide() })
        {
            Assert.ThrowsAny<ArgumentException>(() => Enumerable.Range(0, 50).Select(_ => transform.call(image)).Count());
        }
    }

    private static ITransform Make(string name) => name switch
    {
        "RandomHorizontalFlip" => transforms.RandomHorizontalFlip(),
        "RandomVerticalFlip" => transforms.RandomVerticalFlip(),
        "ColorJitter" => transforms.ColorJitter(0.2f, 0.2f, 0.2f, 0.1f),
        "RandomApply" => transforms.RandomApply([transforms.HorizontalFlip()]),
        "RandomChoice" => transforms.RandomChoice(transforms.HorizontalFlip(), transforms.VerticalFlip()),
        "RandomResizedCrop" => transforms.RandomResizedCrop(28),
        "RandomRotation" => transforms.RandomRotation(30),
        "RandomPerspective" => transforms.RandomPerspective(p: 1),
        // All results have the image's shape, but not the same values.
        "RandomOrder" => transforms.RandomOrder(transforms.Pad([2, 0, 0, 0]), transforms.Crop(0, 0, 28, 28), transforms.VerticalFlip(), transforms.Solarize(0.5)),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static nn.Module<Tensor, Tensor> Network()
    {
        Seeding.Seed(1);
        return nn.Sequential(nn.Flatten(), nn.Linear(784, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 10));
    }

    private static float[] Weights(nn.Module model) => [.. model.parameters().SelectMany(parameter => parameter.data<float>().ToArray())];

    private sealed class LiveTensors : Callback
    {
        public List<long> Counts { get; } = [];

        public override void OnStepEnd(FitContext context) => Counts.Add(Tensor.TotalCount);
    }
}

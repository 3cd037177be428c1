using NsDropoutTorch.Data.Formats;

namespace NsDropoutTorch.Data.Catalog;

/// <summary>The data sets that the catalogue knows by name.</summary>
internal static class KnownDatasets
{
    private const string CifarSource = "A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009. No licence stated; to be cited.";

    private static readonly Uri[] MnistMirrors = [new("https://ossci-datasets.s3.amazonaws.com/mnist/"), new("https://storage.googleapis.com/cvdf-datasets/mnist/")];

    private static readonly Uri[] FashionMirrors =
    [
        new("https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/"),
        new("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
    ];

    private static readonly Uri[] CifarMirrors = [new("https://www.cs.toronto.edu/~kriz/")];
    private static readonly string[] CifarFolders = ["cifar-10", "cifar-10-subset"];
    private static readonly Uri[] Uci = [new("https://archive.ics.uci.edu/ml/machine-learning-databases/")];

    private static readonly PublishedFile[] CifarFiles =
    [
        File(CifarMirrors, "cifar-10-binary.tar.gz", 170052171, "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"),
        Batch("data_batch_1.bin", 10000, "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
        Batch("data_batch_2.bin", 10000, "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
        Batch("data_batch_3.bin", 10000, "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
        Batch("data_batch_4.bin", 10000, "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
        Batch("data_batch_5.bin", 10000, "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
        Batch("test_batch.bin", 10000, "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"),
    ];

    /// <summary>Those made in code, by name.</summary>
    public static IReadOnlyDictionary<string, Func<Dataset>> Generated { get; } = new Dictionary<string, Func<Dataset>>(StringComparer.Ordinal)
    {
        ["spiral"] = () => Spiral.Generate(seed: 0),
    };

    /// <summary>Those that lie in files.</summary>
    public static IReadOnlyList<StoredDataset> Stored { get; } = [Mnist(), FashionMnist(), Cifar(), CifarBatches(), Digits(), Iris()];

    private static StoredIdx Mnist() => new()
    {
        Name = "mnist",
        FolderNames = ["mnist", "mnist-dataset"],
        OtherSpelling = "MNIST",
        ClassNames = OptDigits.ClassNames,
        Source = "Y. LeCun, C. Cortes, C. J. C. Burges, The MNIST database of handwritten digits. CC BY-SA 3.0.",
        Published =
        [
            File(MnistMirrors, "train-images-idx3-ubyte.gz", 9912422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
            File(MnistMirrors, "train-labels-idx1-ubyte.gz", 28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
            File(MnistMirrors, "t10k-images-idx3-ubyte.gz", 1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
            File(MnistMirrors, "t10k-labels-idx1-ubyte.gz", 4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
            File([], "train-images-idx3-ubyte", 47040016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
            File([], "train-labels-idx1-ubyte", 60008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
            File([], "t10k-images-idx3-ubyte", 7840016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
            File([], "t10k-labels-idx1-ubyte", 10008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
        ],
    };

    private static StoredIdx FashionMnist() => new()
    {
        Name = "fashion-mnist",
        FolderNames = ["fashion-mnist", "fmnist"],
        OtherSpelling = "FashionMNIST",
        ClassNames = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
        Source = "H. Xiao, K. Rasul, R. Vollgraf (Zalando Research), Fashion-MNIST, 2017. MIT.",
        Published =
        [
            File(FashionMirrors, "train-images-idx3-ubyte.gz", 26421880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
            File(FashionMirrors, "train-labels-idx1-ubyte.gz", 29515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
            File(FashionMirrors, "t10k-images-idx3-ubyte.gz", 4422102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
            File(FashionMirrors, "t10k-labels-idx1-ubyte.gz", 5148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
            File([], "train-images-idx3-ubyte", 47040016, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
            File([], "train-labels-idx1-ubyte", 60008, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
            File([], "t10k-images-idx3-ubyte", 7840016, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
            File([], "t10k-labels-idx1-ubyte", 10008, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
        ],
    };

    private static StoredCifar Cifar() => new()
    {
        Name = "cifar-10",
        FolderNames = CifarFolders,
        Source = CifarSource,
        Published = CifarFiles,
    };

    private static StoredCifarBatches CifarBatches() => new()
    {
        Name = "cifar-10-batches",
        FolderNames = CifarFolders,
        Source = $"{CifarSource} Training on data_batch_1, test on data_batch_2.",
        Published = CifarFiles,
    };

    private static StoredOptDigits Digits() => new()
    {
        Name = "optdigits",
        FolderNames = ["optdigits"],
        Source = "E. Alpaydin, C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, 1998. CC BY 4.0.",
        Published =
        [
            File(Uci, "optdigits.tra", 563639, "e1b683cc211604fe8fd8c4417e6a69f31380e0c61d4af22e93cc21e9257ffedd", "optdigits/"),
            File(Uci, "optdigits.tes", 264712, "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8", "optdigits/"),
        ],
    };

    private static StoredIris Iris() => new()
    {
        Name = "iris",
        FolderNames = ["iris"],
        Source = "R. A. Fisher, The use of multiple measurements in taxonomic problems, 1936; UCI Machine Learning Repository. CC BY 4.0.",
        Published = [File(Uci, "iris.data", 4551, "6f608b71a7317216319b4d27b4d9bc84e6abd734eda7872b71a458569e2656c0", "iris/")],
    };

    private static PublishedFile File(Uri[] mirrors, string name, long bytes, string sha256, string remoteFolder = "") =>
        new(name, bytes, sha256, [.. mirrors.Select(mirror => new Uri(mirror, remoteFolder + name))]);

    private static PublishedFile Batch(string name, int records, string sha256) =>
        File([], $"{CifarBinary.FolderName}/{name}", records * 3073L, sha256);
}

using NsDropoutTorch.Data;
using NsDropoutTorch.Docs.Tests.Support;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Callbacks;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Docs.Tests.Faq;

/// <summary>docs/faq.md on order, seeds, optimizers, threads and devices: each trouble occurs as it says, and its repair repairs it.</summary>
public sealed class RunTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Loader_WithASeed_RepeatsItsOrder_AndOneOfAnEpochDoesNot()
    {
        using var dataset = utils.data.TensorDataset(arange(100));
        using var loader = utils.data.DataLoader(dataset, batchSize: 100, shuffle: true, seed: 1);
        Assert.Equal(OrderOf(loader), OrderOf(loader));

        var epochs = Enumerable.Range(0, 2).Select(Epoch).ToArray();
        Assert.NotEqual(epochs[0], epochs[1]);
        Assert.Equal(epochs[1], Epoch(1));

        long[] Epoch(int epoch)
        {
            var (inputs, seen) = (arange(100), new List<long>());

            #region order
            using var order = tensor(Permutation.Of(count: 100, seed: 1, stream: epoch)); // another order in each epoch, the same in each run
            foreach (var rows in order.split(32))
            {
                var batch = inputs.index_select(0, rows);
                seen.AddRange(batch.data<long>());
            }
            #endregion

            return [.. seen];
        }
    }

    [Fact]
    public void Loader_ManualSeed_DoesNotReachIt()
    {
        using var dataset = utils.data.TensorDataset(arange(100));
        Assert.NotEqual(Order(), Order());

        long[] Order()
        {
            manual_seed(1);
            using var loader = utils.data.DataLoader(dataset, batchSize: 100, shuffle: true, disposeDataset: false);
            return OrderOf(loader);
        }
    }

    [Fact]
    public void Loader_Disposed_DisposesItsData()
    {
        using var dataset = utils.data.TensorDataset(arange(100));
        utils.data.DataLoader(dataset, batchSize: 100).Dispose();
        FaqPage.Quotes<InvalidOperationException>("A tensor is \"invalid\"", () => utils.data.DataLoader(dataset, batchSize: 100));
    }

    // The loader frees a batch when the next one is asked for.
    private static long[] OrderOf(TorchSharp.Modules.DataLoader<IList<Tensor>, IList<Tensor>> loader)
    {
        var seen = new List<long>();
        foreach (var batch in loader) seen.AddRange(batch[0].data<long>());
        return [.. seen];
    }

    [Fact]
    public void Seed_AfterTheModel_ComesTooLate()
    {
        Assert.False(Late().Equals(Late()));
        Assert.True(Early().Equals(Early()));

        static Tensor Late()
        {
            var model = nn.Linear(3, 2);
            manual_seed(1);
            return model.weight;
        }

        static Tensor Early()
        {
            #region seed
            Seeding.Seed(1); // before the model: initial weights are drawn too
            var model = nn.Linear(3, 2);
            #endregion
            return model.weight;
        }
    }

    [Fact]
    public void Optimizer_WithoutItsState_StepsOtherwise()
    {
        using var folder = new TempFolder();
        var (weights, state) = (folder.PathOf("weights.dat"), folder.PathOf("optimizer.dat"));
        var model = nn.Linear(3, 1);
        var optimizer = optim.Adam(model.parameters(), lr: 0.1);
        for (var step = 0; step < 5; step++) Step(model, optimizer, step);

        #region optimizer
        model.save(weights);
        optimizer.save_state_dict(state);

        // In another process:
        var again = nn.Linear(3, 1);
        ModuleState.Load(again, weights);
        var adam = optim.Adam(again.parameters(), lr: 0.1);
        adam.load_state_dict(state);
        #endregion

        var forgetful = nn.Linear(3, 1);
        ModuleState.Load(forgetful, weights);
        Step(model, optimizer, 5);
        Step(again, adam, 5);
        Step(forgetful, optim.Adam(forgetful.parameters(), lr: 0.1), 5);
        Assert.True(model.weight.Equals(again.weight));
        Assert.False(model.weight.Equals(forgetful.weight));

        static void Step(TorchSharp.Modules.Linear model, optim.Optimizer optimizer, int step)
        {
            optimizer.zero_grad();
            model.call(ones(1, 3) * (step - 2)).square().sum().backward();
            optimizer.step();
        }
    }

    [Fact]
    public void Threads_AreAsManyAsIsSaid()
    {
        var before = get_num_threads();
        try
        {
            #region threads
            NativeDefaults.Apply(); // first, before torch is touched: waiting threads sleep
            set_num_threads(1);
            #endregion

            Assert.Equal(1, get_num_threads());
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Fact]
    public async Task NoGrad_IsThatOfOneThread()
    {
        var model = nn.Linear(3, 2);
        using (no_grad())
        {
            var isRecorded = false;
            var thread = new Thread(() => isRecorded = model.call(ones(1, 3)).requires_grad);
            thread.Start();
            thread.Join();
            Assert.True(isRecorded);
        }

        #region thread
        var answers = await Task.Run(() =>
        {
            using var inside = NewDisposeScope(); // scopes and no_grad where the work is done, and no await within them
            using var noGrad = no_grad();
            return model.call(ones(1, 3)).data<float>().ToArray();
        });
        #endregion

        Assert.Equal(2, answers.Length);
    }

    [Fact]
    public void Cuda_WhereThereIsNone_SaysSo_AndAutoGoesOn()
    {
        if (!cuda.is_available())
        {
            FaqPage.Quotes<InvalidOperationException>("CUDA is not seen", () => ones(2).cuda());
        }

        #region device
        var device = DeviceChoice.Resolve("auto"); // the first CUDA device, or the processor
        var model = nn.Linear(3, 2).to(device);
        var outputs = model.call(ones(4, 3).to(device)); // inputs must lie where the weights lie
        #endregion

        Assert.Equal(cuda.is_available() ? DeviceType.CUDA : DeviceType.CPU, outputs.device_type);
    }

    [Fact]
    public void Loss_ThatIsNotFinite_StopsTheRun()
    {
        using var train = new TensorData(randn(64, 4), randint(2, [64], dtype: int64));
        train.Inputs[40, 0] = float.NaN;
        using var model = nn.Linear(4, 2);

        #region finite
        var options = new TrainerOptions { Epochs = 5, BatchSize = 32, Clipping = new ClipByNorm(1) };
        var result = Trainer.Fit(model, train, validation: null, options, [new StopOnNonFinite { EveryStep = true }]);
        Console.WriteLine(result.StopReason);
        #endregion

        Assert.Matches("^the loss must stay finite, but got NaN in epoch 1/5, batch [12]/2$", result.StopReason);
    }

    [Fact]
    public void File_OfPyTorch_IsNotOfTorchSharp()
    {
        var path = Repository.PathOf("examples/PyTorch/golden/python.pt");
        var network = nn.Linear(3, 2);
        FaqPage.Quotes<ArgumentException>("Weights of Python do not load", () => network.load(path));
        Assert.Contains("PyTorch", Assert.Throws<UserErrorException>(() => ModuleState.Load(network, path)).Message, StringComparison.Ordinal);
    }
}

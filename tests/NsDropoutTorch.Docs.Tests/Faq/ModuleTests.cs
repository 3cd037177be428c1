using NsDropoutTorch.Data;
using NsDropoutTorch.Dropouts;
using NsDropoutTorch.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Docs.Tests.Faq;

/// <summary>docs/faq.md on modules: each trouble occurs as it says, and its repair repairs it.</summary>
public sealed class ModuleTests
{
    [Fact]
    public void Constructor_WithoutRegisterComponents_LeavesNoParameters()
    {
        using var forgetful = new Forgetful();
        Assert.Empty(forgetful.parameters());
        using var data = new TensorData(randn(8, 3), zeros(8, int64));
        FaqPage.Quotes<ArgumentException>("The loss stays where it is: the model has no parameters", () => Trainer.Fit(forgetful, data, validation: null, new()));

        using var model = new Classifier();
        Assert.Equal(2, model.parameters().Count());
        Trainer.Fit(model, data, validation: null, new() { Epochs = 1 });
    }

    [Fact]
    public void List_OfModules_IsNotSeen_AndAModuleListIs()
    {
        using var unseen = new Unseen();
        using var tower = new Tower();
        Assert.Empty(unseen.parameters());
        Assert.Equal(4, tower.parameters().Count());
    }

    [Fact]
    public void TensorField_BecomesABuffer_AndWhatHoldsItDoesNot()
    {
        using var folder = new Support.TempFolder();
        var path = folder.PathOf("weights.dat");
        using (var linear = nn.Linear(3, 2)) linear.save(path);
        using var caching = new Caching();
        Assert.Equal(["weight", "bias", "last"], caching.state_dict().Keys);
        FaqPage.Quotes<ArgumentException>("A file of weights no longer fits: a tensor in a field", () => caching.load(path));

        using var light = new Light();
        Assert.Equal(["weight", "bias"], light.state_dict().Keys);
        light.load(path);
        using var output = light.call(ones(1, 3));
        Assert.Equal(output.sum().item<float>(), light.Last!.sum().item<float>());
        light.Last.Dispose();
    }

    [Fact]
    public void Model_InTrainingMode_AnswersAtRandom_AndInEvaluationModeDoesNot()
    {
        manual_seed(1);
        using var model = nn.Sequential(nn.Linear(8, 8), nn.FastDropout(0.5));
        using var inputs = ones(1, 8);
        Assert.False(model.call(inputs).Equals(model.call(inputs)));

        #region eval
        model.eval();
        using (no_grad())
        {
            var (first, second) = (model.call(inputs), model.call(inputs));
            Assert.True(first.Equals(second));
        }

        model.train(); // before the next step of training
        using var predicted = Trainer.Predict(model, inputs); // or this, which does all three
        #endregion

        Assert.True(model.training);
        Assert.True(predicted.Equals(Trainer.Predict(model, inputs)));
    }

    private sealed class Forgetful() : nn.Module<Tensor, Tensor>("forgetful")
    {
        private readonly Linear linear = nn.Linear(3, 2);

        public override Tensor forward(Tensor input) => linear.call(input);
    }

    #region register
    private sealed class Classifier : nn.Module<Tensor, Tensor>
    {
        private readonly Linear linear = nn.Linear(3, 2);

        public Classifier()
            : base(nameof(Classifier)) => RegisterComponents(); // last, when all fields are set

        public override Tensor forward(Tensor input) => linear.call(input);
    }
    #endregion

    private sealed class Unseen : nn.Module<Tensor, Tensor>
    {
        private readonly List<Linear> layers = [nn.Linear(3, 3), nn.Linear(3, 2)];

        public Unseen()
            : base("unseen") => RegisterComponents();

        public override Tensor forward(Tensor input) => layers[1].call(layers[0].call(input));
    }

    #region list
    private sealed class Tower : nn.Module<Tensor, Tensor>
    {
        private readonly ModuleList<Linear> layers = [nn.Linear(3, 3), nn.Linear(3, 2)];

        public Tower()
            : base(nameof(Tower)) => RegisterComponents();

        public override Tensor forward(Tensor input) => layers.Aggregate(input, (x, layer) => layer.call(x));
    }
    #endregion

    private sealed class Caching : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter weight = nn.Parameter(ones(2, 3));
        private readonly Parameter bias = nn.Parameter(zeros(2));
        private readonly Tensor last = zeros(5);

        public Caching()
            : base("caching") => RegisterComponents();

        public override Tensor forward(Tensor input) => nn.functional.linear(input, weight, bias) + last.sum();
    }

    #region cache
    private sealed class Light : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter weight = nn.Parameter(ones(2, 3));
        private readonly Parameter bias = nn.Parameter(zeros(2));
        private readonly Tensor?[] last = new Tensor?[1]; // a field that is no Tensor is no buffer

        public Light()
            : base(nameof(Light)) => RegisterComponents();

        public Tensor? Last => last[0];

        public override Tensor forward(Tensor input)
        {
            var output = nn.functional.linear(input, weight, bias);
            last[0]?.Dispose();
            last[0] = output.detach().DetachFromDisposeScope(); // dispose it with the module
            return output;
        }
    }
    #endregion
}

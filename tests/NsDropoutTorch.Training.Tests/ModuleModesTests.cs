using NsDropoutTorch.Training.Metrics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

public sealed class ModuleModesTests
{
    private static readonly TrainerOptions Options = new() { Epochs = 3, BatchSize = 16 };

    [Fact]
    public void Evaluate_FrozenModule_StaysFrozenAndTheOthersTrain()
    {
        using var data = Models.Clouds(40, 1);
        using var norm = nn.BatchNorm1d(16);
        using var model = Models.Mlp(norm);
        norm.eval();

        Trainer.Evaluate(model, data);
        Trainer.Evaluate(model, data, [new Accuracy()]);
        Trainer.Predict(model, data.Inputs).Dispose();

        Assert.Equal(["layer"], Frozen(model));
    }

    [Fact]
    public void Evaluate_ModelInEvaluationModeWithATrainingModule_LeavesBothAsTheyWere()
    {
        using var data = Models.Clouds(40, 1);
        using var dropout = nn.Dropout(0.5);
        using var model = Models.Mlp(dropout);
        model.eval();
        dropout.train();

        Trainer.Evaluate(model, data);

        Assert.False(model.training);
        Assert.Equal(["hidden", "relu", "output"], Frozen(model));
    }

    [Fact]
    public void Evaluate_ThatThrows_PutsEachModeBack()
    {
        using var data = Models.Clouds(40, 1);
        using var norm = nn.BatchNorm1d(16);
        using var model = Models.Mlp(norm);
        norm.eval();
        var breaks = new Objective((_, _) => throw new InvalidTimeZoneException(), Objective.Classification.CountErrors);

        Assert.Throws<InvalidTimeZoneException>(() => Trainer.Evaluate(model, data, breaks));

        Assert.True(model.training);
        Assert.Equal(["layer"], Frozen(model));
    }

    [Fact]
    public void Evaluate_ModuleInTwoPlaces_KeepsItsMode()
    {
        using var data = Models.Clouds(40, 1);
        using var shared = nn.Dropout(0.5);
        using var model = nn.Sequential(
            ("first", nn.Sequential(("shared", shared), ("linear", nn.Linear(4, 4)))), ("second", nn.Sequential(("shared", shared), ("linear", nn.Linear(4, 3)))));
        shared.eval();

        Trainer.Evaluate(model, data);

        Assert.Equal(["first.shared", "second.shared"], Frozen(model));
    }

    [Fact]
    public void Fit_FrozenNorm_KeepsItsStatisticsThroughAllEpochsAndEvaluations()
    {
        using var data = Models.Clouds(70, 1);
        using var norm = nn.BatchNorm1d(16);
        using var model = Models.Mlp(norm);
        norm.eval();
        var modes = new List<string>();
        var recorder = new Recorder { StepEnd = _ => modes.Add(string.Join(' ', Frozen(model))) };

        Trainer.Fit(model, data, data, Options, [recorder]);

        Assert.All(modes, frozen => Assert.Equal("layer", frozen));
        Assert.Equal(0, norm.num_batches_tracked!.item<long>());
        Assert.Equal(new float[16], norm.running_mean!.data<float>().ToArray());
        Assert.Equal(["layer"], Frozen(model));
    }

    [Fact]
    public void Fit_CallbackThatLeavesTheModelInEvaluationMode_TrainsOnInTheModesOfTheBeginning()
    {
        using var data = Models.Clouds(70, 1);
        using var norm = nn.BatchNorm1d(16);
        using var model = Models.Mlp(norm);
        norm.eval();
        var modes = new List<string>();
        var recorder = new Recorder { StepEnd = _ => modes.Add(string.Join(' ', Frozen(model))), EpochEnd = (_, _) => model.eval() };

        Trainer.Fit(model, data, null, Options, [recorder]);

        Assert.All(modes, frozen => Assert.Equal("layer", frozen));
    }

    [Fact]
    public void Fit_ModelInEvaluationMode_IsTrainedAsAWhole()
    {
        using var data = Models.Clouds(70, 1);
        using var norm = nn.BatchNorm1d(16);
        using var model = Models.Mlp(norm);
        model.eval();

        Trainer.Fit(model, data, data, Options);

        Assert.Empty(Frozen(model));
        Assert.True(model.training);
        Assert.Equal(15, norm.num_batches_tracked!.item<long>());
    }

    [Fact]
    public void Fit_ThatThrowsInAnEvaluation_LeavesEachModuleInItsMode()
    {
        using var data = Models.Clouds(70, 1);
        using var norm = nn.BatchNorm1d(16);
        using var model = Models.Mlp(norm);
        norm.eval();
        var breaks = new Objective(
            (outputs, labels) => outputs.requires_grad ? Objective.Classification.Loss(outputs, labels) : throw new InvalidTimeZoneException(), Objective.Classification.CountErrors);

        Assert.Throws<InvalidTimeZoneException>(() => Trainer.Fit(model, data, data, Options with { Objective = breaks }));

        Assert.True(model.training);
        Assert.Equal(["layer"], Frozen(model));
    }

    private static string[] Frozen(nn.Module model) => [.. model.named_modules().Where(named => !named.module.training).Select(named => named.name)];
}

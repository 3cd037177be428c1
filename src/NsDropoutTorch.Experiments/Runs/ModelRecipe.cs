using System.Text.Json;
using System.Text.Json.Serialization;
using NsDropoutTorch.Data;
using NsDropoutTorch.Experiments.Layers;
using NsDropoutTorch.Experiments.Models;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Experiments.Runs;

/// <summary>All it takes to build the network of a run again: what <c>compare --out</c> writes into each model it keeps.</summary>
/// <param name="Schema">Version of the structure.</param>
/// <param name="Layer">The regularising layer.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="InputShape">Shape of one sample.</param>
/// <param name="NumClasses">Number of classes C.</param>
/// <param name="Settings">What was compared and how.</param>
public sealed record ModelRecipe(int Schema, LayerSpecification Layer, long Seed, IReadOnlyList<long> InputShape, long NumClasses, ComparisonSettings Settings)
{
    /// <summary>Where the training of this network diverged, of which its weights may show nothing; null: it did not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Divergence? Diverged { get; init; }

    /// <summary>Names of the classes in order of the outputs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Names of the measurements in order of the inputs; null for images.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? FeatureNames { get; init; }

    /// <summary>How names of files with a network and its recipe end.</summary>
    public const string Extension = ".ckpt";

    /// <summary>Name of the folder of networks within that of the results.</summary>
    public const string FolderName = "models";

    /// <summary>The network with its initial weights, on the CPU; it seeds torch itself.</summary>
    public nn.Module<Tensor, Tensor> Build()
    {
        Seeding.Seed(Seed);
        var regularization = new Regularization(Layer, Settings.After, NumClasses, Settings.P);
        var model = Settings.Model.Build(new([.. InputShape], NumClasses, Settings.Hidden, regularization) { Standardize = Settings.Standardize });
        if (Settings.InitialStd is { } std)
        {
            GaussianInitialization.Apply(model, std);
        }

        // Epochs are selected without labels; the layer's own choice may read them.
        LabelMasks.HideLabels(model);
        return model;
    }

    /// <summary>Writes a trained network so that <see cref="Find"/> and <see cref="LoadFrom"/> get everything from one file.</summary>
    /// <param name="path">The file, written in full or not at all.</param>
    /// <param name="model">The network.</param>
    internal void Save(string path, nn.Module model) =>
        ResultFile.Write(path, () => Checkpoint.SaveModel(path, model, JsonSerializer.Serialize(this, RunJson.Indented) + "\n"));

    /// <summary>The network with the weights of a file.</summary>
    /// <param name="path">A file with a network, or a checkpoint of a run.</param>
    /// <returns>The network on the CPU; it is the caller's to dispose.</returns>
    /// <exception cref="CheckpointException">The file is not there or is damaged.</exception>
    /// <exception cref="UserErrorException">The weights are those of another network; the message names the difference.</exception>
    public nn.Module<Tensor, Tensor> LoadFrom(string path)
    {
        var model = Build();
        try
        {
            Checkpoint.LoadWeights(path, model);
            return model;
        }
        catch (ArgumentException e)
        {
            model.Dispose();
            throw new UserErrorException(e.Message.Replace($" (Parameter '{e.ParamName}')", "", StringComparison.Ordinal), e);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The recipe in a file; null where it holds the checkpoint of a run, which knows no network.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">The file is not there or is damaged, or the recipe is of another version.</exception>
    public static ModelRecipe? Find(string path) => Checkpoint.ReadDescription(path) is not { } text ? null
        : Parse(text) ?? throw new CheckpointException($"a model must say how to build it, as compare --out writes it (schema {RunJson.CurrentSchema}), but '{path}' does not.");

    /// <exception cref="UserErrorException">The network does not take such samples.</exception>
    internal void CheckFits(Dataset dataset, IReadOnlyList<long> shape)
    {
        if (!shape.SequenceEqual(InputShape) || dataset.NumClasses != NumClasses)
        {
            throw new UserErrorException(
                Invariant($"the data set must have what the network was built for, samples [{string.Join(", ", InputShape)}] of {NumClasses} classes, ")
                + Invariant($"but {dataset.Name} has samples [{string.Join(", ", shape)}] of {dataset.NumClasses}."));
        }

        CheckNames("classes", ClassNames, dataset.ClassNames, dataset.Name);
        CheckNames("measurements", FeatureNames, (dataset as TabularDataset)?.FeatureNames, dataset.Name);
    }

    private static void CheckNames(string what, IReadOnlyList<string>? known, IReadOnlyList<string>? found, string dataset)
    {
        if (known is null || found is null || known.SequenceEqual(found, StringComparer.Ordinal))
            return;
        var first = Enumerable.Range(0, Math.Min(known.Count, found.Count)).First(i => known[i] != found[i]);
        throw new UserErrorException(Invariant($"the data set must have the {what} that the network was trained on, in the same order, but number {first + 1} is '{found[first]}' in {dataset} and was '{known[first]}'."));
    }

    private static ModelRecipe? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<ModelRecipe>(text, RunJson.Compact) is { Schema: RunJson.CurrentSchema } recipe ? recipe : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

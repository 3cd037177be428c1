// Models and targets of other kinds. Arguments: which kind (none: all), and a folder to keep the runs in: started again with it, an interrupted run goes on, to the same weights.
using System.Security.Cryptography;
using Kinds;
using NsDropoutTorch;
using NsDropoutTorch.Training;
using NsDropoutTorch.Training.Callbacks;
using TorchSharp;
using static TorchSharp.torch;

var kinds = new Dictionary<string, Func<TrainerOptions, Callback[], (nn.Module Model, string Figures)>>(StringComparer.Ordinal)
{
    ["regression"] = Regression.Run,
    ["multi-label"] = MultiLabel.Run,
    ["tokens"] = Tokens.Run,
    ["pixels"] = Pixels.Run,
    ["autoencoder"] = Autoencoder.Run,
    ["two-inputs"] = TwoInputs.Run,
};
string[] chosen = args is [] or ["all", ..] ? [.. kinds.Keys] : [args[0]];
if (chosen.FirstOrDefault(kind => !kinds.ContainsKey(kind)) is { } unknown)
{
    Console.Error.WriteLine($"the kind must be one of {string.Join(", ", kinds.Keys)} or all, but got '{unknown}'.");
    return 1;
}

NativeDefaults.Apply();
foreach (var kind in chosen)
{
    using var scope = NewDisposeScope();
    Seeding.Seed(1);
    var folder = args is [_, var path, ..] ? Path.Combine(path, kind) : null;
    Callback[] callbacks = folder is null ? [new ProgressBar()] : [new ModelCheckpoint(folder) { EverySteps = 20 }, new ProgressBar()];
    var (model, figures) = kinds[kind](new TrainerOptions { ResumeFrom = folder }, callbacks);
    Console.WriteLine($"{kind}: {figures} (weights {Digest(model)})");
}

return 0;

static string Digest(nn.Module model)
{
    using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    foreach (var tensor in model.state_dict().Values)
    {
        hash.AppendData(tensor.bytes);
    }

    return Convert.ToHexStringLower(hash.GetCurrentHash())[..16];
}

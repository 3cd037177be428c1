// The same network in C# and in PyTorch: each side loads what the other trained, answers a batch, and takes one more training step.
// Arguments: "golden FOLDER" takes the answers of Python that lie there; none: asks Python.
using System.Globalization;
using Exchange;
using NsDropoutTorch.Data;
using NsDropoutTorch.Data.Catalog;
using NsDropoutTorch.Training;
using TorchSharp;

NativeDefaults.Apply();
var folder = args is ["golden", var given] ? given : Directory.CreateTempSubdirectory("exchange-").FullName;
var files = new Files(folder);
string? python = "answers of a former run";
if (args is [])
{
    using var digits = ((ImageDataset)DatasetCatalog.Over().Load("optdigits")).TrainTensors();
    files.Write(digits);
    python = Python.Answer(folder);
    if (python is null)
    {
        Console.Error.WriteLine("a python3 on the PATH must import torch, but none does; install it (Debian: python3-torch), or compare with the answers that lie here: -- golden examples/PyTorch/golden");
        return 1;
    }
}

Console.WriteLine($"TorchSharp {typeof(torch).Assembly.GetName().Version}, libtorch {torch.__version__}; {python}");
foreach (var difference in new[] { files.Compare("csharp"), files.Compare("python") })
{
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"trained in {difference.Origin}: outputs differ by {difference.Outputs:0.0e+0}, {difference.Masks} neurons are masked otherwise after one more step, its weights differ by {difference.AfterAStep:0.0e+0}"));
}

if (args is [])
{
    Directory.Delete(folder, recursive: true);
}

return 0;

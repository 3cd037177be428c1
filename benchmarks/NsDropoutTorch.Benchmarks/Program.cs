using NsDropoutTorch.Benchmarks;
using TorchSharp;

// Ratios measured in one run; the absolute times are only there to be divided. `layers` or `trainer` as argument runs one of the two.
torch.manual_seed(0);
if (args is [] or ["layers"]) LayerTable.Print();
if (args is [] or ["trainer"]) TrainerTable.Print();

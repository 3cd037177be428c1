using TorchSharp;

namespace NsDropoutTorch.Training;

/// <summary>Torch's global generators.</summary>
public static class Seeding
{
    /// <summary>Seeds the generators of the CPU and of every CUDA device; call it before building a model, as initialisation draws too.</summary>
    /// <param name="seed">The seed.</param>
    public static void Seed(long seed)
    {
        torch.manual_seed(seed);
        if (torch.cuda.is_available())
        {
            torch.cuda.manual_seed_all(seed);
        }
    }
}

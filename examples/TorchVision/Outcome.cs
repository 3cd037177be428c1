using System.Globalization;

namespace AugmentedFashion;

/// <summary>Errors of one run after its last epoch, as fractions.</summary>
/// <param name="Augmented">Whether the images that it was fitted to were augmented.</param>
/// <param name="P">Rate of dropout.</param>
/// <param name="Seed">Seed of weights, order, augmentation and dropout.</param>
/// <param name="Train">On the images that it was fitted to, as they were in the last epoch.</param>
/// <param name="Validation">On training images that it was not fitted to.</param>
/// <param name="Test">On the test images.</param>
/// <param name="Time">For fitting and measuring.</param>
internal sealed record Outcome(bool Augmented, double P, int Seed, double Train, double Validation, double Test, TimeSpan Time)
{
    /// <summary>What the run had.</summary>
    public string Name => $"augmentation {(Augmented ? "on" : "off")}, dropout {P.ToString(CultureInfo.InvariantCulture)}";

    public string Line => string.Create(
        CultureInfo.InvariantCulture, $"{Name}, seed {Seed}: errors train {Train:P1}, validation {Validation:P1}, test {Test:P2} ({Time.TotalSeconds:0} s)");
}

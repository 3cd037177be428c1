using FsCheck;
using FsCheck.Fluent;

namespace NsDropoutTorch.Tests.Support;

/// <summary>One random problem: FsCheck draws and shrinks the sizes, the seed gives the values.</summary>
public sealed record RandomCase(int Seed, int Rows, int ValidationRows, int Features, int Classes, double P)
{
    private static readonly Gen<RandomCase> Any =
        from seed in Gen.Choose(0, int.MaxValue)
        from rows in Gen.Choose(0, 40)
        from validationRows in Gen.Choose(1, 40)
        from features in Gen.Choose(1, 24)
        from classes in Gen.Choose(1, 6)
        from percent in Gen.Choose(0, 99)
        select new RandomCase(seed, rows, validationRows, features, classes, percent / 100.0);

    /// <summary>Checks a law on 300 cases, the same ones in every run.</summary>
    public static void Check(Func<RandomCase, bool> law) =>
        Prop.ForAll(Any.ToArbitrary(), law).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20220106938UL, 1UL));

    internal (double[,] x, long[] y, double[,] xv, long[] yv) Draw()
    {
        var random = new Random(Seed);
        return (
            Data.Normal(random, Rows, Features), Data.Labels(random, Rows, Classes),
            Data.Normal(random, ValidationRows, Features), Data.Labels(random, ValidationRows, Classes));
    }
}

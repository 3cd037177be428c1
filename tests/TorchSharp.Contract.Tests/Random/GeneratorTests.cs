using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Random;

/// <summary>Equal draws from equal states; the values themselves are the engine's own affair.</summary>
public sealed class GeneratorTests : ContractTest
{
    public static TheoryData<string, Func<Generator, Tensor>> Draws => new()
    {
        { "rand", g => rand(20, generator: g) },
        { "randn", g => randn(20, generator: g) },
        { "randint", g => randint(0, 1000, new long[] { 20 }, generator: g) },
        { "randperm", g => randperm(20, generator: g) },
        { "bernoulli", g => torch.bernoulli(full(50, 0.5), g) },
        { "bernoulli_", g => zeros(50).bernoulli_(0.5, g) },
        { "normal_", g => zeros(20).normal_(0, 1, g) },
        { "uniform_", g => zeros(20).uniform_(0, 1, g) },
        { "multinomial", g => ones(50).multinomial(10, generator: g) },
    };

    [Theory]
    [MemberData(nameof(Draws), DisableDiscoveryEnumeration = true)]
    public void Draw_FromTheSameSeed_IsTheSame_AndFromAnother_Another(string name, Func<Generator, Tensor> draw)
    {
        Assert.NotEmpty(name);
        using Generator one = new(7), same = new(7), other = new(8);
        var first = draw(one);
        Assert.True(first.Equals(draw(same)));
        Assert.False(first.Equals(draw(other)));
        Assert.False(first.Equals(draw(one)));
    }

    [Theory]
    [MemberData(nameof(Draws), DisableDiscoveryEnumeration = true)]
    public void Draw_FromAGenerator_LeavesTheDefaultAlone(string name, Func<Generator, Tensor> draw)
    {
        Assert.NotEmpty(name);
        using Generator own = new(7);
        manual_seed(3);
        var undisturbed = rand(4);
        manual_seed(3);
        draw(own);
        Assert.True(undisturbed.Equals(rand(4)));
    }

    [Fact]
    public void ManualSeed_OfTheProcess_RepeatsTheDefaultsDraws()
    {
        manual_seed(11);
        var first = rand(5);
        var next = rand(5);
        manual_seed(11);
        Assert.True(first.Equals(rand(5)));
        Assert.True(next.Equals(rand(5)));
        random.manual_seed(11);
        Assert.True(first.Equals(rand(5)));
    }

    [Fact]
    public void ManualSeed_OfAGenerator_RestartsItAndReturnsIt()
    {
        using Generator own = new(1);
        var first = rand(5, generator: own);
        Assert.Same(own, own.manual_seed(1));
        Assert.True(first.Equals(rand(5, generator: own)));
    }

    [Fact]
    public void ManualSeed_GivesTheDefaultGenerator()
    {
        var generator = manual_seed(5);
        var first = rand(3, generator: generator);
        manual_seed(5);
        Assert.True(first.Equals(rand(3)));
        Assert.Equal(5, generator.initial_seed());
        Assert.Equal(5, initial_seed());
    }

    [Fact]
    public void DefaultGenerator_IsTheOneThatIsUsed()
    {
        Generator.Default.manual_seed(9);
        var first = rand(3);
        manual_seed(9);
        Assert.True(first.Equals(rand(3, generator: Generator.Default)));
    }

    [Fact]
    public void GeneratorOfASeed_EqualsTheDefaultOfThatSeed()
    {
        using Generator own = new(21);
        manual_seed(21);
        Assert.True(rand(5).Equals(rand(5, generator: own)));
        Assert.Equal(21, own.initial_seed());
    }

    [Fact]
    public void State_WhenRestored_RepeatsTheDraws()
    {
        using Generator own = new(4);
        rand(3, generator: own);
        var state = own.get_state();
        var first = randn(7, generator: own);
        own.set_state(state);
        Assert.True(first.Equals(randn(7, generator: own)));
    }

    [Fact]
    public void State_OfOneGenerator_GoesIntoAnother()
    {
        using Generator one = new(4), other = new(99);
        rand(3, generator: one);
        other.set_state(one.get_state());
        Assert.True(rand(5, generator: one).Equals(rand(5, generator: other)));
    }

    [Fact]
    public void RngState_OfTheProcess_IsSavedAndRestored()
    {
        manual_seed(2);
        randn(3);
        var state = get_rng_state();
        Assert.Equal(ScalarType.Byte, state.dtype);
        var first = rand(6);
        set_rng_state(state);
        Assert.True(first.Equals(rand(6)));
        random.set_rng_state(state);
        Assert.True(first.Equals(rand(6)));
    }

    [Fact]
    public void RngState_IsACopy()
    {
        manual_seed(2);
        var state = get_rng_state();
        var before = state.clone();
        rand(6);
        Assert.True(before.Equals(state));
    }

    [Fact]
    public void Seed_OfAGenerator_ChangesIt()
    {
        using Generator own = new(4);
        var first = rand(5, generator: own);
        own.seed();
        Assert.False(first.Equals(rand(5, generator: own)));
    }
}

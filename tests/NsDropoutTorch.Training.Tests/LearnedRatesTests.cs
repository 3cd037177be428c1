using System.Text.Json;
using NsDropoutTorch.Dropouts;
using TorchSharp;
using static TorchSharp.torch;

namespace NsDropoutTorch.Training.Tests;

public sealed class LearnedRatesTests
{
    [Fact]
    public void Of_Model_NamesTheModulesInItsOrder()
    {
        using var model = nn.Sequential(
            ("late", nn.ConcreteDropout(4, 0.3)),
            ("fixed", nn.Dropout(0.5)),
            ("inner", nn.Sequential(("early", nn.VariationalDropout(4, 0.2)))));

        var rates = LearnedRates.Of(model);

        Assert.Equal(["late", "inner.early"], rates.Keys);
        Assert.Equal(0.3, rates["late"], 6);
        Assert.Equal(0.2, rates["inner.early"], 6);
        Assert.Equal("late=0.3000 inner.early=0.2000", rates.ToString());
    }

    [Fact]
    public void Of_ModelThatIsItselfSuchALayer_GoesByItsType()
    {
        using var model = nn.ConcreteDropout(4, 0.3);

        Assert.Equal(["ConcreteDropout"], LearnedRates.Of(model).Keys);
    }

    [Fact]
    public void Of_ModelWithoutAny_IsNone()
    {
        using var model = Models.Mlp();

        Assert.Same(NamedValues.None, LearnedRates.Of(model));
        Assert.Empty(NamedValues.None);
    }

    [Fact]
    public void Equals_LooksAtNamesAndRates()
    {
        var rates = new NamedValues([new("a", 0.1), new("b", double.NaN)]);
        var same = new NamedValues([new("a", 0.1), new("b", double.NaN)]);
        var record = Records.Of(0.5)[0];

        Assert.Equal((object)rates, same);
        Assert.Equal(rates.GetHashCode(), same.GetHashCode());
        Assert.Equal(record with { LearnedRates = rates }, record with { LearnedRates = same });
        Assert.NotEqual(record with { LearnedRates = rates }, record);
        Assert.False(rates.Equals(new NamedValues([new("a", 0.1), new("c", double.NaN)])));
        Assert.False(rates.Equals(null));
    }

    [Fact]
    public void Json_RoundTrip_GivesEqualRates()
    {
        var rates = new NamedValues([new("b", 1 / 3.0), new("a", 0.1)]);

        var text = JsonSerializer.Serialize(rates);

        Assert.Equal("""{"b":0.3333333333333333,"a":0.1}""", text);
        Assert.True(rates.Equals(JsonSerializer.Deserialize<NamedValues>(text)));
    }

    [Fact]
    public void Json_RecordOfBeforeThereWereRates_HasNone()
    {
        var record = Records.Of(0.5)[0];
        var text = JsonSerializer.Serialize(record).Replace(",\"LearnedRates\":{}", "", StringComparison.Ordinal);

        Assert.DoesNotContain("LearnedRates", text, StringComparison.Ordinal);
        Assert.Equal(record, JsonSerializer.Deserialize<EpochRecord>(text));
    }
}

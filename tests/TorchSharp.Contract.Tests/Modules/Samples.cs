using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Contract.Tests.Modules;

/// <summary>A module as users write them: every kind of component in fields, found by RegisterComponents.</summary>
internal sealed class Net : nn.Module<Tensor, Tensor>
{
    // Fields are read by reflection, in this order.
    private readonly Linear first = nn.Linear(3, 2);
    private readonly Parameter scale = new(full(2, 0.5f));
    private readonly Tensor offset = zeros(2);
    private readonly Dropout drop = nn.Dropout(0.5);
    private readonly Tensor? absent;

    internal Net(string name = "Net", Tensor? absent = null)
        : base(name)
    {
        this.absent = absent;
        RegisterComponents();
    }

    internal Linear First => first;

    internal Parameter Scale => scale;

    internal Tensor Offset => offset;

    internal Tensor? Absent => absent;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return (drop.call(first.call(input)) * scale + offset).MoveToOuterDisposeScope();
    }
}

/// <summary>Adds a number, with buffers registered by hand.</summary>
internal sealed class Shift : nn.Module<Tensor, Tensor>
{
    internal Shift(double by, bool persistent = true)
        : base(nameof(Shift)) => register_buffer("by", tensor(by, ScalarType.Float32), persistent);

    internal Tensor By => get_buffer("by")!;

    public override Tensor forward(Tensor input) => input + By;

    internal void Replace(Tensor value) => ConditionallyRegisterBuffer("by", value);
}

/// <summary>Counts what is asked of it.</summary>
internal sealed class Probe : nn.Module<Tensor, Tensor>
{
    internal Probe(string name = nameof(Probe))
        : base(name)
    {
    }

    internal int Calls { get; private set; }

    internal List<bool> Modes { get; } = [];

    internal List<ScalarType> Types { get; } = [];

    public override Tensor forward(Tensor input)
    {
        Calls++;
        return input.alias();
    }

    public override void train(bool train = true)
    {
        Modes.Add(train);
        base.train(train);
    }

    protected override nn.Module _to(ScalarType dtype, bool non_blocking)
    {
        Types.Add(dtype);
        return base._to(dtype, non_blocking);
    }
}

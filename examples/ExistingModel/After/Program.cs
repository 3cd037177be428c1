// The loop of ../Before with NSDropout in it: eight lines more, for a part of the data whose labels choose masks among them.
#region loop
using NsDropoutTorch;
using TorchSharp;
using static TorchSharp.torch;

manual_seed(1);
var centres = randn(10, 32);
var (trainX, trainY) = Draw(2_000);
var (validX, validY) = Draw(500);
var (heldOutX, heldOutY) = Draw(500);

using var model = nn.Sequential(
    nn.Linear(32, 128),
    nn.ReLU(),
    nn.NSDropout(128, 10),
    nn.Linear(128, 10));
using var optimizer = optim.Adam(model.parameters());

for (var epoch = 0; epoch < 5; epoch++)
{
    model.train();
    for (var first = 0L; first < 2_000; first += 100)
    {
        using var scope = NewDisposeScope();
        var (x, y) = (trainX.narrow(0, first, 100), trainY.narrow(0, first, 100));
        using var labels = LabelScope.Use(y);
        optimizer.zero_grad();
        var loss = nn.functional.cross_entropy(model.call(x), y);
        loss.backward();
        optimizer.step();
    }

    model.eval();
    using var noGrad = no_grad();
    Console.WriteLine($"epoch {epoch}: validation error {Error(validX, validY):P1}");
    using var capture = ValidationCapture.Begin(model);
    using var heldOut = LabelScope.Use(heldOutY);
    Error(heldOutX, heldOutY);
    capture.Complete();
}
#endregion

(Tensor X, Tensor Y) Draw(long count)
{
    var labels = randint(10, [count], dtype: ScalarType.Int64);
    return (centres.index_select(0, labels) + (2 * randn(count, 32)), labels);
}

double Error(Tensor x, Tensor y)
{
    using var scope = NewDisposeScope();
    return model.call(x).argmax(1).ne(y).to(ScalarType.Float64).mean().item<double>();
}

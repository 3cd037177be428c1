"""The Python side of the exchange: answers a network from C#, and trains one that C# answers. Usage: exchange.py FOLDER"""
import platform
import sys
from collections import OrderedDict
from pathlib import Path

import torch
from torch import nn

import safetensors_file
from ns_dropout import NSDropout, label_scope

RATE = 0.1


def network():
    return nn.Sequential(OrderedDict(hidden=nn.Linear(64, 32), relu=nn.ReLU(), drop=NSDropout(32, 10, 0.25), output=nn.Linear(32, 10)))


def step(model, inputs, labels):
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    with label_scope(labels):
        loss = nn.functional.cross_entropy(model(inputs), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def answer(model, batch, folder, name):
    """Writes the outputs in evaluation, and the state after one more training step."""
    model.eval()
    with torch.no_grad():
        outputs = model(batch["inputs"])
    step(model, batch["inputs"], batch["labels"])
    torch.save({"outputs": outputs, **model.state_dict()}, folder / f"{name}-answer.pt")


def main(folder):
    torch.manual_seed(1)
    batch = torch.load(folder / "batch.pt", weights_only=True)

    from_csharp = network()
    state = torch.load(folder / "csharp.pt", weights_only=True)
    from_csharp.load_state_dict(state, strict=True)
    for name, tensor in safetensors_file.load(folder / "csharp.safetensors").items():
        assert tensor.dtype == state[name].dtype and torch.equal(tensor, state[name]), f"{name} differs between csharp.pt and csharp.safetensors"
    answer(from_csharp, batch, folder, "csharp")

    trained = network()
    for _ in range(20):
        step(trained, batch["inputs"], batch["labels"])
        with torch.no_grad():
            trained.drop.cache_validation(trained.relu(trained.hidden(batch["held out"])), batch["labels held out"])
    torch.save(trained.state_dict(), folder / "python.pt")
    safetensors_file.save(trained.state_dict(), folder / "python.safetensors")
    answer(trained, batch, folder, "python")
    print(f"PyTorch {torch.__version__} on Python {platform.python_version()}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

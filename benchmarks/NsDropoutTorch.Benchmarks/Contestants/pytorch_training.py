"""Trains the benchmarks' network in PyTorch's eager mode: python3 pytorch_training.py INPUTS LABELS [DEVICE].

INPUTS holds float32, a row for each of the int64 LABELS. The first line of the output is a JSON document of versions and of the number of threads. Each line
of the input is a request, {"batch": 32, "epochs": 1, "fused": false, "validation": 1000}, which one line answers with the epochs' seconds, speed and
last loss; fused is Adam's argument, validation the samples of a pass at the end of each epoch.
The loop is the one that the C# contestants run by hand: batches in random order, loss and errors counted in tensors.
"""
import json
import os
import platform
import sys
import time

import torch
from torch import nn


def network(pixels):
    return nn.Sequential(
        nn.Linear(pixels, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10))


def train_epoch(model, optimizer, inputs, labels, batch_size, validation):
    loss, errors = (torch.zeros([], dtype=torch.float64, device=inputs.device) for _ in range(2))
    model.train()
    for rows in torch.randperm(len(labels), device=inputs.device).split(batch_size):
        batch, targets = inputs[rows], labels[rows]
        optimizer.zero_grad()
        outputs = model(batch)
        batch_loss = nn.functional.cross_entropy(outputs, targets)
        batch_loss.backward()
        optimizer.step()
        with torch.no_grad():
            loss += batch_loss * len(rows)
            errors += (outputs.argmax(1) != targets).sum()
    if validation:
        model.eval()
        with torch.no_grad():
            outputs, targets = model(inputs[:validation]), labels[:validation]
            errors += nn.functional.cross_entropy(outputs, targets) + (outputs.argmax(1) != targets).sum()
    errors.item()
    return loss.item() / len(labels)


def blas():
    """The library of linear algebra that is loaded, where the system tells."""
    try:
        with open("/proc/self/maps", encoding="utf-8") as maps:
            names = {os.path.basename(line.split()[-1]) for line in maps if ".so" in line}
        # Debian's reference BLAS, where nothing better is installed, is many times as slow as the others.
        return next((name for known in ("openblas", "mkl_core", "libblas") for name in sorted(names) if known in name), "")
    except OSError:
        return ""


def main():
    count = os.path.getsize(sys.argv[2]) // 8
    size = os.path.getsize(sys.argv[1]) // 4
    device = sys.argv[3] if len(sys.argv) > 3 else "cpu"
    inputs = torch.from_file(sys.argv[1], size=size).reshape(count, -1).clone().to(device)
    labels = torch.from_file(sys.argv[2], size=count, dtype=torch.int64).clone().to(device)
    torch.manual_seed(0)
    print(json.dumps({"torch": torch.__version__, "python": platform.python_version(), "blas": blas(), "threads": torch.get_num_threads()}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        start = time.perf_counter()
        model = network(inputs.shape[1]).to(device)
        optimizer = torch.optim.Adam(model.parameters(), fused=request.get("fused", False))
        for _ in range(request["epochs"]):
            loss = train_epoch(model, optimizer, inputs, labels, request["batch"], request.get("validation", 0))
        seconds = time.perf_counter() - start
        print(json.dumps({"seconds": seconds, "samples_per_second": request["epochs"] * count / seconds, "loss": loss}), flush=True)


if __name__ == "__main__":
    main()

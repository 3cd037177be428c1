"""Reads and writes safetensors files, for a Python that lacks the package of that name: 8 bytes of length, a header in JSON, then the tensors."""
import json
import struct

import torch

_TYPES = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64, "I32": torch.int32, "U8": torch.uint8, "BOOL": torch.bool}
_NAMES = {dtype: name for name, dtype in _TYPES.items()}


def load(path):
    """The tensors of a file by name."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = bytearray(file.read())
    header.pop("__metadata__", None)
    return {name: _tensor(data, entry) for name, entry in header.items()}


def save(tensors, path):
    """Writes tensors by name."""
    header, chunks, end = {}, [], 0
    for name, tensor in tensors.items():
        chunks.append(tensor.detach().contiguous().numpy().tobytes())
        begin, end = end, end + len(chunks[-1])
        header[name] = {"dtype": _NAMES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(chunks))


def _tensor(data, entry):
    begin, end = entry["data_offsets"]
    return torch.frombuffer(data[begin:end], dtype=_TYPES[entry["dtype"]]).reshape(entry["shape"]) if end > begin else torch.empty(entry["shape"])

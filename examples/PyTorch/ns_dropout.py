"""Neuron specific dropout as a PyTorch module: the layer of NsDropoutTorch with its default options, with buffers of the same names, shapes and types."""
from contextlib import contextmanager

import torch
from torch import nn

_labels = []


@contextmanager
def label_scope(labels):
    """Gives the labels of a batch, int64 [N], to every NSDropout that is called within."""
    _labels.append(labels)
    try:
        yield
    finally:
        _labels.pop()


class NSDropout(nn.Module):
    """Drops in each class the k = round(p * F) neurons whose mean activation in training exceeds that in validation most."""

    def __init__(self, num_features, num_classes, p=0.5):
        super().__init__()
        self.p, self.k = p, round(p * num_features)
        self.register_buffer("class_masks", torch.ones(num_classes, num_features, dtype=torch.bool))
        self.register_buffer("validation_means", torch.zeros(num_classes, num_features))
        self.register_buffer("validation_counts", torch.zeros(num_classes, dtype=torch.int64))
        for counter in ("steps", "mask_updates", "validation_captures"):
            self.register_buffer(counter, torch.tensor(0))

    @torch.no_grad()
    def cache_validation(self, activations, labels):
        """Replaces the validation means by those of activations [V, F] with labels [V]."""
        sums, counts = self._sums(activations, labels)
        self.validation_means.copy_(sums / counts.clamp(min=1)[:, None])
        self.validation_counts.copy_(counts)
        self.validation_captures += 1

    def forward(self, input):
        if not self.training:
            return input
        self.steps += 1
        if self.validation_captures == 0:
            return nn.functional.dropout(input, self.p)
        labels = _labels[-1]
        self._update_masks(input.detach(), labels)
        kept = self.class_masks.sum(1, keepdim=True)
        scale = torch.where(kept > 0, self.class_masks.shape[1] / kept, torch.ones(()))
        return input * (self.class_masks * scale)[labels]

    def _sums(self, activations, labels):
        sums = torch.zeros_like(self.validation_means).index_add_(0, labels, activations)
        return sums, torch.zeros_like(self.validation_counts).index_add_(0, labels, torch.ones_like(labels))

    @torch.no_grad()
    def _update_masks(self, activations, labels):
        sums, counts = self._sums(activations, labels)
        gap = (sums / counts[:, None] - self.validation_means).nan_to_num(-torch.inf, -torch.inf, -torch.inf)
        largest = torch.sort(gap, dim=1, descending=True, stable=True).indices[:, :self.k]
        masks = torch.ones_like(self.class_masks).scatter_(1, largest, False)
        known = (counts > 0) & (self.validation_counts > 0)
        self.class_masks.copy_(torch.where(known[:, None], masks, self.class_masks))
        self.mask_updates += 1

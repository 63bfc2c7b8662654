"""The acoustic model: a time-delay network over MFCC frames.

Every layer runs at 30 ms (each third frame), so that it maps one to one onto nnet3 descriptors
``Append(Offset(x, -3d), x, Offset(x, 3d))`` with frame-subsampling-factor 3.
"""

import torch
from torch import nn
from torch.nn import functional

from asr.training.features import DIMENSION

SPLICE = 4  # input frames each side, 10 ms each
DILATIONS = (1, 1, 2, 2, 3)  # in steps of 30 ms
SUBSAMPLING = 3
CONTEXT = SPLICE + SUBSAMPLING * sum(DILATIONS)  # 10 ms frames each side of an output: 310 ms


class Tdnn(nn.Module):
    """(batch, frames, 40) with `CONTEXT` extra frames each side -> (batch, outputs, phones)."""

    def __init__(self, phones: int, width: int = 256) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(DIMENSION))
        self.register_buffer("std", torch.ones(DIMENSION))
        self.first = nn.Linear(DIMENSION * (2 * SPLICE + 1), width)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(width, width, 3, dilation=dilation) for dilation in DILATIONS
        )
        self.norms = nn.ModuleList(
            nn.BatchNorm1d(width, affine=False, eps=1e-3) for _ in range(len(DILATIONS) + 1)
        )
        self.last = nn.Conv1d(width, phones, 1)

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        """Logits; output k stands at input frame `CONTEXT` + 3k."""
        normal = (frames - self.mean) / self.std
        spliced = normal.unfold(1, 2 * SPLICE + 1, SUBSAMPLING).transpose(2, 3).flatten(2)
        hidden = self.norms[0](functional.relu(self.first(spliced)).transpose(1, 2))
        for convolution, norm in zip(self.convolutions, self.norms[1:], strict=True):
            hidden = norm(functional.relu(convolution(hidden)))
        return self.last(hidden).transpose(1, 2)

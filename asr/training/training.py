"""Fitting the network: frame by frame first, then whole sequences.

First cross-entropy on espeak's own alignment, then a linear-chain CRF: lattice-free MMI with a
frame-level phone bigram as denominator and the alignment as numerator. The CRF calibrates the
scores, so that decoding works at acoustic-scale 1.0.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from asr.training.network import CONTEXT, SUBSAMPLING, Tdnn

REPORT_EVERY_S = 30.0


@dataclass(frozen=True)
class Stage:
    """One run of the optimiser; ``sequence`` chooses the CRF instead of cross-entropy."""

    minutes: float
    learning_rate: float
    batch: int
    outputs: int  # 30 ms outputs per example
    sequence: bool


def cross_entropy_stage(minutes: float) -> Stage:
    return Stage(minutes, learning_rate=2e-3, batch=48, outputs=50, sequence=False)


def sequence_stage(minutes: float) -> Stage:
    return Stage(minutes, learning_rate=6e-4, batch=32, outputs=70, sequence=True)


class Frames:
    """All training speech as one row of frames; the last 5 % (at most 6 min) are for checking."""

    def __init__(self, files: Sequence[Path], seed: int) -> None:
        loaded = [np.load(path) for path in files]
        self.features = torch.from_numpy(np.concatenate([part["features"] for part in loaded]))
        self.labels = torch.from_numpy(
            np.concatenate([part["labels"] for part in loaded]).astype(np.int64)
        )
        self.count = len(self.labels)
        self._kept = min(36000, self.count // 20)
        self._random = torch.Generator().manual_seed(seed)

    def batch(
        self, size: int, outputs: int, *, checking: bool = False
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """(size, 3 outputs + 2 context, 40) features and (size, outputs) labels."""
        span = SUBSAMPLING * outputs + 2 * CONTEXT
        border = self.count - self._kept
        low, high = (border, self.count - span) if checking else (0, border - span)
        starts = torch.randint(low, high, (size,), generator=self._random)
        features = self.features[starts[:, None] + torch.arange(span)[None]].float()
        labelled = starts[:, None] + CONTEXT + SUBSAMPLING * torch.arange(outputs)[None]
        return features, self.labels[labelled]


@dataclass(frozen=True)
class PhoneStatistics:
    """``prior`` (phones,) and log ``transitions`` (phones, phones) of the 30 ms label sequence."""

    prior: torch.Tensor
    log_transitions: torch.Tensor


def phone_statistics(labels: torch.Tensor, phones: int) -> PhoneStatistics:
    counts = torch.bincount(labels, minlength=phones).float() + 20
    prior = counts / counts.sum()
    pairs = torch.zeros(phones, phones).index_put_(
        (labels[:-SUBSAMPLING], labels[SUBSAMPLING:]),
        torch.ones(len(labels) - SUBSAMPLING),
        accumulate=True,
    )
    transitions = (pairs + 10 * prior[None]) / (pairs.sum(1, keepdim=True) + 10)
    return PhoneStatistics(prior, transitions.clamp_min(1e-7).log())


def log_partition(scores: torch.Tensor, statistics: PhoneStatistics) -> torch.Tensor:
    """(batch, time, phones) -> (batch,): the forward algorithm, rescaled at each step."""
    transitions = statistics.log_transitions.exp()
    peak = scores.max(-1, keepdim=True).values
    likelihood = (scores - peak).exp()
    forward = likelihood[:, 0] * statistics.prior
    total = peak.squeeze(-1).sum(1)
    for k in range(1, scores.shape[1]):
        scale = forward.sum(-1, keepdim=True)
        total = total + scale.squeeze(-1).log()
        forward = (forward / scale) @ transitions * likelihood[:, k] + 1e-20
    return total + forward.sum(-1).log()


def sequence_loss(
    logits: torch.Tensor, labels: torch.Tensor, statistics: PhoneStatistics
) -> torch.Tensor:
    """Minus the log probability of the labelled path among all paths, per output."""
    log_prior = statistics.prior.log()
    scores = logits - log_prior  # the scaled likelihood that the decoder will see
    path = scores.gather(2, labels[..., None]).squeeze(-1).sum(1)
    path = path + statistics.log_transitions[labels[:, :-1], labels[:, 1:]].sum(1)
    path = path + log_prior[labels[:, 0]]
    return (log_partition(scores, statistics) - path).mean() / labels.shape[1]


def _rate_at(stage: Stage, done: float) -> float:
    """Warm-up over the first 3 %, then a cosine down to 2 %."""
    warm = min(1.0, done / 0.03 + 0.02)
    return stage.learning_rate * warm * (0.49 * (1 + math.cos(math.pi * done)) + 0.02)


def frame_accuracy(network: Tdnn, frames: Frames) -> float:
    """Share of 30 ms outputs right on speech that is not trained on."""
    network.eval()
    with torch.no_grad():
        features, labels = frames.batch(32, 100, checking=True)
        right = (network(features).argmax(-1) == labels).float().mean()
    network.train()
    return float(right)


def _loss(
    network: Tdnn,
    features: torch.Tensor,
    labels: torch.Tensor,
    statistics: PhoneStatistics | None,
) -> torch.Tensor:
    """Cross-entropy, or with ``statistics`` the sequence loss with a little of it.

    bfloat16: twice as fast on a processor with AVX-512 BF16 (170 against 85 GFLOP/s on one core).
    """
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = network(features)
    logits = logits.float()
    smoothing = 0.0 if statistics else 0.02
    framewise = functional.cross_entropy(
        logits.flatten(0, 1), labels.flatten(), label_smoothing=smoothing
    )
    if statistics is None:
        return framewise
    return sequence_loss(logits, labels, statistics) + 0.05 * framewise


def fit(network: Tdnn, frames: Frames, statistics: PhoneStatistics, stage: Stage) -> None:
    """Train for ``stage.minutes`` of wall clock, telling how it goes every half minute.

    The wall clock sets the number of steps, so that two runs differ slightly: see the how-to.
    """
    optimiser = torch.optim.AdamW(network.parameters(), lr=stage.learning_rate, weight_decay=1e-3)
    began = told = time.monotonic()
    steps, recent = 0, []
    network.train()
    while (done := (time.monotonic() - began) / (60 * stage.minutes)) < 1:
        for group in optimiser.param_groups:
            group["lr"] = _rate_at(stage, done)
        features, labels = frames.batch(stage.batch, stage.outputs)
        loss = _loss(network, features, labels, statistics if stage.sequence else None)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        steps += 1
        recent = [*recent[-49:], float(loss.detach())]
        if time.monotonic() - told > REPORT_EVERY_S:
            told = time.monotonic()
            seen = steps * stage.batch * stage.outputs * SUBSAMPLING / frames.count
            print(
                f"  {100 * done:3.0f} %  step {steps}  epoch {seen:.2f}  loss "
                f"{np.mean(recent):.3f}  frames right {frame_accuracy(network, frames):.3f}",
                flush=True,
            )


def new_network(frames: Frames, phones: int, width: int, seed: int) -> Tdnn:
    torch.manual_seed(seed)
    network = Tdnn(phones, width)
    sample = frames.features[::7].float()
    network.mean.copy_(sample.mean(0))
    network.std.copy_(sample.std(0))
    return network


def save(path: Path, network: Tdnn, statistics: PhoneStatistics) -> None:
    width = network.first.out_features
    torch.save({"network": network.state_dict(), "prior": statistics.prior, "width": width}, path)


def load(path: Path) -> Tdnn:
    """A network saved by `save`, ready to train further."""
    checkpoint = torch.load(path, weights_only=True)
    phones = len(checkpoint["prior"])
    network = Tdnn(phones, checkpoint["width"])
    network.load_state_dict(checkpoint["network"])
    return network

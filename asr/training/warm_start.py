"""Training that goes on from a finished model: its final.mdl becomes a network again.

The normalisations were folded into the weights when the model was written (`export`); they are
taken out again for the sound of the new training, so that it starts from the same function.
"""

import re
import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from asr.training.export import SCORE_SCALE
from asr.training.network import SPLICE, SUBSAMPLING, Tdnn
from asr.training.training import Frames, PhoneStatistics

_AFFINE = re.compile(rb"<ComponentName> (\S+)\.affine <FixedAffineComponent> <LinearParams> FM ")
_BIAS = b"<BiasParams> FV "
_MEASURED = 256  # stretches of sound from which the normalisations are measured

Layers = dict[str, tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]]


class NotOurNetwork(ValueError):
    """final.mdl was not written by `export`, or for another shape of network."""


def read_layers(final_mdl: Path) -> Layers:
    """Name of each affine layer -> weight (out, in) and bias (out,)."""
    content = final_mdl.read_bytes()
    found: Layers = {}
    for layer in _AFFINE.finditer(content):
        rows, columns = struct.unpack_from("<xixi", content, layer.end())
        at = layer.end() + 10
        weight = np.frombuffer(content, "<f4", rows * columns, at).reshape(rows, columns)
        at += 4 * rows * columns
        if content[at : at + len(_BIAS)] != _BIAS:
            raise NotOurNetwork(f"{final_mdl}: no bias after {layer.group(1).decode()}")
        at += len(_BIAS) + 5
        found[layer.group(1).decode()] = (weight, np.frombuffer(content, "<f4", rows, at))
    if "output" not in found:
        raise NotOurNetwork(f"{final_mdl} has no network that this program wrote")
    return found


def _measure(hidden: torch.Tensor, norm: torch.nn.BatchNorm1d) -> tuple[torch.Tensor, torch.Tensor]:
    """Set the norm to what it will see; returns its scale and mean."""
    mean = hidden.mean((0, 2))
    variance = hidden.var((0, 2))
    norm.running_mean.copy_(mean)
    norm.running_var.copy_(variance)
    return (variance + norm.eps).sqrt(), mean


@torch.no_grad()
def load_finished(
    final_mdl: Path, network: Tdnn, frames: Frames, statistics: PhoneStatistics
) -> None:
    """Put the weights of ``final_mdl`` into ``network``, which has the same shape."""
    layers = read_layers(final_mdl)
    weights = {
        name: (torch.from_numpy(weight.copy()), torch.from_numpy(bias.copy()))
        for name, (weight, bias) in layers.items()
    }
    if weights["tdnn0"][0].shape != network.first.weight.shape:
        raise NotOurNetwork(f"{final_mdl} has a network of another shape")
    width = 2 * SPLICE + 1
    weight, bias = weights["tdnn0"]
    network.first.weight.copy_(weight * network.std.repeat(width)[None])
    network.first.bias.copy_(bias + weight @ network.mean.repeat(width))
    features, _ = frames.batch(_MEASURED, 40)
    spliced = features.unfold(1, width, SUBSAMPLING).transpose(2, 3).flatten(2)
    hidden = (spliced @ weight.T + bias).relu().transpose(1, 2)
    for number, convolution in enumerate(network.convolutions):
        scale, mean = _measure(hidden, network.norms[number])
        flat, bias = weights[f"tdnn{number + 1}"]
        taps = flat.reshape(len(flat), 3, -1).transpose(1, 2)  # (out, in, 3)
        raw = torch.nn.functional.conv1d(hidden, taps, bias, dilation=convolution.dilation)
        convolution.weight.copy_(taps * scale[None, :, None])
        convolution.bias.copy_(bias + taps.sum(2) @ mean)
        hidden = raw.relu()
    scale, mean = _measure(hidden, network.norms[-1])
    weight, bias = (part / SCORE_SCALE for part in weights["output"])
    network.last.weight.copy_((weight * scale[None])[:, :, None])
    network.last.bias.copy_(bias + weight @ mean + statistics.prior.log())

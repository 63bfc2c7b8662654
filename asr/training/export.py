"""PyTorch network -> Kaldi am/final.mdl: a TransitionModel and an nnet3 AmNnetSimple.

The file's scores are scale * (logit - log prior). No LogSoftmax is needed: its constant per frame
is the same for every path through the graph.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from asr.training.features import DIMENSION
from asr.training.kaldi_binary import KaldiWriter
from asr.training.network import CONTEXT, DILATIONS, SPLICE, SUBSAMPLING, Tdnn
from asr.training.phone_table import PhoneTable

# 0.55, 0.65 and 0.8 gave 4.3, 4.5 and 4.8 % on hotline_hand, at real-time factors of 0.025, 0.022
# and 0.017. Folded into the last layer, so that vosk's acoustic-scale stays 1.0.
SCORE_SCALE = 0.6

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Affine:
    """``weight`` (out, in) and ``bias`` (out,) applied to the nnet3 descriptor ``source``."""

    name: str
    weight: Matrix
    bias: Matrix
    source: str


def _numpy(tensor: torch.Tensor) -> Matrix:
    return tensor.detach().double().numpy()


def _norm(norm: torch.nn.Module) -> tuple[Matrix, Matrix]:
    """A batch norm without parameters as (scale, shift)."""
    scale = 1 / np.sqrt(_numpy(norm.running_var) + norm.eps)
    return scale, -_numpy(norm.running_mean) * scale


def _at(node: str, frames: int) -> str:
    return f"Offset({node}, {frames})" if frames else node


def affine_layers(network: Tdnn, prior: torch.Tensor, scale: float) -> list[Affine]:
    """The network with its normalisations folded into the weights that follow them."""
    width = 2 * SPLICE + 1
    inverse, mean = np.tile(1 / _numpy(network.std), width), np.tile(_numpy(network.mean), width)
    weight = _numpy(network.first.weight) * inverse[None]
    spliced = ", ".join(_at("input", k) for k in range(-SPLICE, SPLICE + 1))
    bias = _numpy(network.first.bias) - weight @ mean
    layers = [Affine("tdnn0", weight, bias, f"Append({spliced})")]
    for number, dilation in enumerate(DILATIONS):
        factor, shift = (np.tile(part, 3) for part in _norm(network.norms[number]))
        kernel = _numpy(network.convolutions[number].weight)  # (out, in, 3)
        flat = np.concatenate([kernel[:, :, k] for k in range(3)], axis=1)
        below, step = f"tdnn{number}.relu", SUBSAMPLING * dilation
        source = f"Append({_at(below, -step)}, {below}, {_at(below, step)})"
        bias = _numpy(network.convolutions[number].bias) + flat @ shift
        layers.append(Affine(f"tdnn{number + 1}", flat * factor[None], bias, source))
    factor, shift = _norm(network.norms[-1])
    last = _numpy(network.last.weight)[:, :, 0]
    bias = scale * (_numpy(network.last.bias) + last @ shift - np.log(_numpy(prior)))
    source = f"tdnn{len(DILATIONS)}.relu"
    return [*layers, Affine("output", scale * last * factor[None], bias, source)]


def _write_transitions(out: KaldiWriter, phones: PhoneTable) -> None:
    """One emitting state per phone: self-loop 0.5, exit 0.5."""
    everyone = range(1, phones.count + 1)
    out.token("<TransitionModel>", "<Topology>")
    out.integers(list(everyone))
    out.integers([-1] + [0] * phones.count)  # phone -> its entry
    out.integer(1, 2)  # one entry, of two states
    out.integer(0, 2, 0)  # state 0: pdf class 0, two transitions, the first to 0
    out.real(0.5)
    out.integer(1)
    out.real(0.5)
    out.integer(-1, 0)  # state 1: final, no pdf, no transitions
    out.token("</Topology>", "<Triples>")
    out.integer(phones.count)
    for phone in everyone:
        out.integer(phone, 0, phones.pdf(phone))
    out.token("</Triples>", "<LogProbs>")
    out.vector([0.0] + [np.log(0.5)] * (2 * phones.count))
    out.token("</LogProbs>", "</TransitionModel>")


def _network_config(layers: list[Affine]) -> str:
    lines = [f"input-node name=input dim={DIMENSION}"]
    for layer in layers:
        affine = f"{layer.name}.affine"
        lines.append(f"component-node name={affine} component={affine} input={layer.source}")
        if layer is not layers[-1]:
            relu = f"{layer.name}.relu"
            lines.append(f"component-node name={relu} component={relu} input={affine}")
    lines.append("output-node name=output input=output.affine objective=linear")
    return "\n" + "\n".join(lines) + "\n\n"


def _write_affine(out: KaldiWriter, layer: Affine) -> None:
    out.token("<ComponentName>", f"{layer.name}.affine", "<FixedAffineComponent>", "<LinearParams>")
    out.matrix(layer.weight)
    out.token("<BiasParams>")
    out.vector(layer.bias)
    out.token("</FixedAffineComponent>")


def _write_relu(out: KaldiWriter, layer: Affine) -> None:
    out.token("<ComponentName>", f"{layer.name}.relu", "<RectifiedLinearComponent>", "<Dim>")
    out.integer(len(layer.bias))
    out.token("<ValueAvg>")
    out.vector([])
    out.token("<DerivAvg>")
    out.vector([])
    for counter in ("<Count>", "<NumDimsSelfRepaired>", "<NumDimsProcessed>"):
        out.token(counter)
        out.real(0.0)
    out.token("</RectifiedLinearComponent>")


def write_model(
    path: Path, checkpoint: Mapping[str, object], phones: PhoneTable, scale: float = SCORE_SCALE
) -> None:
    """``checkpoint``: what `training.save` wrote. The phone list must be the one trained on."""
    network = Tdnn(len(phones.phones), int(checkpoint["width"]))
    network.load_state_dict(checkpoint["network"])
    network.eval()
    layers = affine_layers(network, checkpoint["prior"], scale)
    with KaldiWriter(path) as out:
        _write_transitions(out, phones)
        out.token("<Nnet3>")
        out.text(_network_config(layers))
        out.token("<NumComponents>")
        out.integer(2 * len(layers) - 1)
        for layer in layers:
            _write_affine(out, layer)
            if layer is not layers[-1]:
                _write_relu(out, layer)
        out.token("</Nnet3>", "<LeftContext>")
        out.integer(CONTEXT)
        out.token("<RightContext>")
        out.integer(CONTEXT)
        out.token("<Priors>")
        out.vector([])

"""One stream of speech in libvosk. Every call is made from the one decoding thread.

libvosk aborts the process on misuse, so nothing reaches it here but whole samples at a rate it
takes; `asr.engines.protocol` has bounded the rate.
"""

import audioop
import json
from pathlib import Path
from typing import Any

import vosk

from asr.engines.protocol import SHORTEST_PAUSE_S, StreamConfig
from asr.models.layout import ModelProblem, describe

SAMPLE_BYTES = 2
# Endpoints are looked for once per block, so a block is the delay of a final text. Decoding
# 100 ms or 200 ms at a time costs the same (RTF 0.015 to 0.018 on the embedded model).
BLOCK_S = 0.2


class Model:
    """A Vosk model in memory. Loading blocks: 0.05 s for the embedded one, more for others.

    Raises `ModelProblem`; a model whose parts do not belong together kills the process.
    """

    def __init__(self, path: Path) -> None:
        self.rate = describe(path).rate
        vosk.SetLogLevel(-1)
        try:
            self.loaded: Any = vosk.Model(str(path))
        except Exception as failed:  # vosk raises bare Exception
            raise ModelProblem(f"libvosk cannot load {path}: {failed}") from failed


class Speech:
    """Recognises one stream; fed message by message, in blocks of `BLOCK_S`."""

    def __init__(self, model: Model, config: StreamConfig) -> None:
        self._config = config
        # libvosk lowers a rate by itself but refuses to raise one ("Failed to process waveform").
        self._raise_to = model.rate if config.rate < model.rate else None
        self._raising: Any = None
        self._kaldi: Any = vosk.KaldiRecognizer(model.loaded, self._raise_to or config.rate)
        self._kaldi.SetWords(config.words)
        self._finals: list[dict[str, Any]] = []
        self._heard_samples = 0
        self._upto_s = 0.0
        # How long the model must go on finding an endpoint before it counts.
        self._patience_s = max(0.0, (config.pause_s or 0.0) - SHORTEST_PAUSE_S)
        self._quiet_s = 0.0

    @property
    def block_bytes(self) -> int:
        return int(self._config.rate * BLOCK_S) * SAMPLE_BYTES

    def decode(self, block: bytes) -> None:
        """Take in one block of whole samples."""
        self._heard_samples += len(block) // SAMPLE_BYTES
        if self._raise_to is not None:
            block, self._raising = audioop.ratecv(
                block, SAMPLE_BYTES, 1, self._config.rate, self._raise_to, self._raising
            )
        # Without Result() libvosk decodes on, and tells of the endpoint as long as nobody speaks.
        self._quiet_s = self._quiet_s + BLOCK_S if self._kaldi.AcceptWaveform(block) else 0.0
        if self._quiet_s > self._patience_s:
            self._quiet_s = 0.0
            self._finals.append(json.loads(self._kaldi.Result()))
            self._upto_s = self._heard_samples / self._config.rate

    def answer(self) -> str:
        """News since the last answer: a result if a stretch ended, else a partial."""
        if self._finals:
            return self._result()
        if not self._config.partials:
            return '{"partial": ""}'
        return str(self._kaldi.PartialResult())

    def flush(self) -> str:
        """The last words; the stream takes no more sound."""
        self._finals.append(json.loads(self._kaldi.FinalResult()))
        self._upto_s = self._heard_samples / self._config.rate
        return self._result()

    def close(self) -> None:
        """Free the decoder, in this thread and now."""
        self._kaldi = None

    def _result(self) -> str:
        texts = [final["text"] for final in self._finals if final["text"]]
        words = [word for final in self._finals for word in final.get("result", [])]
        self._finals.clear()
        result: dict[str, object] = {"result": words} if words else {}
        return json.dumps(
            {**result, "text": " ".join(texts), "upto": self._upto_s}, ensure_ascii=False
        )

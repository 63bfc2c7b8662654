"""Kaldi's binary format, as far as a model file needs it."""

import struct
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt


class KaldiWriter:
    """Writes one binary file; use as a context manager."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._file.write(b"\0B")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def text(self, text: str) -> None:
        self._file.write(text.encode())

    def token(self, *names: str) -> None:
        for name in names:
            self.text(name + " ")

    def integer(self, *values: int) -> None:
        for value in values:
            self._file.write(b"\x04" + struct.pack("<i", value))

    def real(self, *values: float) -> None:
        for value in values:
            self._file.write(b"\x04" + struct.pack("<f", value))

    def integers(self, values: npt.ArrayLike) -> None:
        row = np.asarray(values, np.int32)
        self.integer(len(row))
        self._file.write(row.tobytes())

    def vector(self, values: npt.ArrayLike) -> None:
        row = np.asarray(values, np.float32)
        self.token("FV")
        self.integer(len(row))
        self._file.write(row.tobytes())

    def matrix(self, values: npt.ArrayLike) -> None:
        table = np.ascontiguousarray(values, np.float32)
        self.token("FM")
        self.integer(*table.shape)
        self._file.write(table.tobytes())
